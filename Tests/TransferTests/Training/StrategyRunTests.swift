import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// What a strategy prepares: the network to start from and the phases, and nothing else.
struct StrategyRunTests {
  private let model: PretrainedModel
  private let images = noiseImages(40)

  init() throws { model = try Architecture.medium.sampleModel() }

  private func run(_ arm: Arm, seed: UInt64 = 3) -> StrategyRun {
    StrategyRun(arm: arm, model: model, seed: seed)
  }

  private func layers(_ groups: [LayerGroup]) -> Set<String> {
    Set(model.network.graph.parameterLayers(in: groups))
  }

  /// The phases of an arm for 1,000 examples, which have 50 epochs.
  private func phases(_ arm: Arm) -> [TrainingJob.Phase] {
    run(arm).phases(of: model.network.graph, trainSize: 1_000)
  }

  /// The head's phase is a quarter of the budget, rounded up.
  @Test(arguments: [(100, 25), (501, 25), (1_000, 13), (10_000, 2)])
  func headEpochs(trainSize: Int, expected: Int) {
    let phases = run(.fineTuning).phases(of: model.network.graph, trainSize: trainSize)
    #expect(phases.first?.epochs == expected)
  }

  /// Feature extraction trains the head throughout.
  @Test func featureExtraction() {
    let phases = phases(.featureExtraction)
    #expect(phases.map(\.trainableLayers) == [["head"]])
    #expect(phases.map(\.epochs) == [50])
  }

  /// Fine-tuning trains the head for a quarter of the epochs, then all but the early layers.
  @Test func fineTuning() {
    let phases = phases(.fineTuning)
    #expect(phases.map(\.trainableLayers) == [["head"], layers([.middle, .late, .head])])
    #expect(phases.map(\.epochs) == [13, 37])
  }

  /// Fine-tuning everything unfreezes the early layers too.
  @Test func fineTuningAll() {
    let phases = phases(.fineTuningAll)
    #expect(phases.map(\.trainableLayers) == [["head"], layers(LayerGroup.allCases)])
    #expect(phases.map(\.epochs) == [13, 37])
  }

  /// From scratch, everything is trained throughout.
  @Test func fromScratch() {
    let phases = phases(.fromScratch)
    #expect(phases.map(\.trainableLayers) == [layers(LayerGroup.allCases)])
    #expect(phases.map(\.epochs) == [50])
  }

  /// Pretrained layers learn more slowly than the head, the more so the nearer to the input.
  @Test(arguments: [Arm.featureExtraction, .fineTuning, .fineTuningAll])
  func transferRates(arm: Arm) {
    let expected = LearningRates(early: 1e-5, middle: 1e-4, late: 1e-4, head: 1e-3)
    #expect(phases(arm).allSatisfy { $0.learningRates == expected })
  }

  /// From scratch, every layer has the head's rate.
  @Test func scratchRates() {
    let expected = LearningRates(early: 1e-3, middle: 1e-3, late: 1e-3, head: 1e-3)
    #expect(phases(.fromScratch).allSatisfy { $0.learningRates == expected })
  }

  /// Optimizer, decay, batch, seed, schedule and cache are the same for all arms.
  @Test(arguments: Arm.taught) func sharedSettings(arm: Arm) throws {
    let job = try run(arm).job(for: images)
    #expect(job.optimizer == .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-7))
    #expect(job.weightDecay == 0)
    #expect(job.batchSize == 32)
    #expect(job.seed == 3)
    if case .cached = job.prefixCache {} else { Issue.record("\(job.prefixCache)") }
    #expect(job.penalty == nil && job.clippingNorm == nil && job.earlyStopping == nil)
    #expect(job.labelSmoothing == 0 && !job.augmentation.isOn)
    #expect(job.phases.allSatisfy { $0.schedule == .oneCycle() })
    #expect(job.phases.allSatisfy { $0.layerRates.isEmpty && $0.batchStatisticsLayers == nil })
  }

  /// The epochs of all phases together are the budget of the size, whatever the arm.
  @Test(arguments: Arm.taught, [20, 100, 1_000, 10_000])
  func sameBudget(arm: Arm, trainSize: Int) {
    let phases = run(arm).phases(of: model.network.graph, trainSize: trainSize)
    #expect(
      phases.reduce(0) { $0 + $1.epochs } == TrainingBudget.epochs(trainSize: trainSize))
  }

  /// Arms of one seed start with the same head.
  @Test func sameHead() throws {
    let jobs = try Arm.taught.map { try run($0).job(for: images) }
    let head = jobs[0].network
    for job in jobs.dropFirst() {
      let different = job.network.differences(from: head)
      #expect(different.filter { $0.hasPrefix("head/") } == [])
    }
  }

  /// Another seed gives another head, and no backbone but that of from-scratch training changes.
  @Test(arguments: Arm.taught) func otherSeed(arm: Arm) throws {
    let first = try run(arm, seed: 3).job(for: images).network
    let second = try run(arm, seed: 4).job(for: images).network
    let kernels = first.graph.parameters.map(\.name).filter { $0.role == "kernel" }
      .map(\.description)
    // Biases and normalizations do not start at random.
    let expected = arm == .fromScratch ? kernels : ["head/kernel"]
    #expect(second.differences(from: first) == expected)
  }

  /// The transferred backbone has the bits of the pretrained one, moving statistics included.
  @Test(arguments: Architecture.allCases, [Arm.featureExtraction, .fineTuning, .fineTuningAll])
  func transferred(architecture: Architecture, arm: Arm) throws {
    // As many classes as the task, so that the pretrained head would fit.
    let model = try architecture.sampleModel(classes: 3)
    let start = try StrategyRun(arm: arm, model: model, seed: 3).job(for: images).network
    #expect(start.differences(from: model.network) == start.parameterNames(of: ["head"]))
  }

  /// From scratch, no tensor is a pretrained one.
  @Test(arguments: Architecture.allCases) func nothingTransferred(architecture: Architecture)
    throws
  {
    let model = try architecture.sampleModel(classes: 3)
    let start = try StrategyRun(arm: .fromScratch, model: model, seed: 3).job(for: images).network
    #expect(
      start.differences(from: model.network)
        == start.parameterNames(of: start.graph.parameterLayers))
  }

  /// The head has an output per class of the task, not of the source.
  @Test(arguments: Arm.taught) func classes(arm: Arm) throws {
    let job = try run(arm).job(for: noiseImages(40, classes: 5))
    #expect(job.network.graph.outputShape.channels == 5)
  }

  /// The order of examples is the seed's and not the arm's: given the same start and phases, the
  /// jobs of all arms train the same bits.
  @Test func sameOrder() throws {
    let outcomes = try Arm.taught.map { arm in
      var job = try run(arm).job(for: images)
      let reference = try run(.fineTuningAll).job(for: images)
      (job.network, job.phases) = (reference.network, reference.phases)
      return try Trainer.train(job.shortened(to: 2), on: images)
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.network.differences(from: outcomes[0].network) == [])
      #expect(outcome.history.map(\.bits) == outcomes[0].history.map(\.bits))
    }
  }

  /// Images of another shape than the weights were made for.
  @Test func otherShape() throws {
    let shape = ImageShape(height: 8, width: 9, channels: 1)
    let error = failure {
      _ = try run(.fineTuning).job(for: noiseImages(40, shape: shape))
    }
    #expect(error?.kind == .badData)
    #expect(error?.reason == "they take 8×8×1 images, but the task has 8×9×1")
    #expect(error?.remedy != nil)
  }

  /// What trains less costs less: the order in which cells are started rests on it.
  @Test(arguments: Architecture.allCases, [20, 1_000, 10_000])
  func estimatedCost(architecture: Architecture, trainSize: Int) throws {
    let model = try architecture.sampleModel()
    let costs = Arm.taught.map {
      StrategyRun(arm: $0, model: model, seed: 3).estimate(trainSize: trainSize, classes: 3)
        .cpuSeconds
    }
    #expect(costs[0] > 0)
    #expect(zip(costs, costs.dropFirst()).allSatisfy { $0 < $1 })
  }
}

/// One budget of epochs, by the number of examples alone.
struct TrainingBudgetTests {
  /// 50,000 examples in all, but every one 8 to 100 times.
  @Test(arguments: [
    (1, 100), (100, 100), (500, 100), (501, 99), (1_000, 50), (6_250, 8), (6_251, 8),
    (10_000, 8), (1_000_000, 8),
  ]) func epochs(trainSize: Int, expected: Int) {
    #expect(TrainingBudget.epochs(trainSize: trainSize) == expected)
  }
}
