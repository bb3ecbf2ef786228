import NeuralNetwork
import Records
import Testing
import Transfer

/// Who is trained when, and at which rate.
struct TechniqueScheduleTests {
  /// The phases of fine-tuning the sample model for 40 epochs.
  private func phases(
    freezing groups: [LayerGroup] = [], epochs: Int = 40, rates: LearningRates = .uniform(1e-3),
    _ change: (inout Techniques) -> Void
  ) throws -> [TrainingJob.Phase] {
    let run = try LibrarySample.run(freezing: groups, rates: rates, epochs: epochs, change)
    return run.phases(of: run.model.network.graph, trainSize: 100)
  }

  private func layers(_ groups: LayerGroup...) throws -> Set<String> {
    Set(try LibrarySample.model().network.graph.parameterLayers(in: groups))
  }

  /// Each convolution, with its normalization, has the decay's share of the rate of the one above.
  @Test func layerwiseDecay() throws {
    let phases = try phases(rates: .uniform(0.5)) { $0.layerwiseDecay = 0.5 }
    let expected: [String: Double] = [
      "head": 0.5,
      "block3_conv2": 0.25, "block3_bn2": 0.25, "block3_conv1": 0.125, "block3_bn1": 0.125,
      "block2_conv2": 0.0625, "block2_bn2": 0.0625, "block2_conv1": 0.03125,
      "block2_bn1": 0.03125, "block1_conv2": 0.015625, "block1_bn2": 0.015625,
      "block1_conv1": 0.0078125, "block1_bn1": 0.0078125,
    ]
    #expect(phases.count == 1 && phases[0].layerRates == expected)
  }

  /// The optimizer's first step shows those rates.
  @Test func layerwiseSteps() throws {
    let run = try LibrarySample.run(rates: .uniform(0.01)) { $0.layerwiseDecay = 0.5 }
    let (start, outcome) = try LibrarySample.oneStep(run)
    for (layer, rate) in [("head", 0.01), ("block3_bn2", 0.005), ("block2_conv2", 0.00125)] {
      let ratio = outcome.network.largestChange(of: layer, from: start) / rate
      #expect(abs(ratio - 1) < 0.01, "\(layer): \(ratio)")
    }
  }

  /// Both factors multiply the decayed rates.
  @Test func layerwiseFactors() throws {
    let run = try LibrarySample.run(rates: .uniform(1)) {
      $0.layerwiseDecay = 0.5
      $0.rateFactor = 2
    }
    let phases = run.phases(of: run.model.network.graph, trainSize: 10, rateFactor: 3)
    #expect(phases[0].layerRates["block3_conv2"] == 3)
  }

  /// The head's share of the epochs comes first, rounded up; the rest trains the other layers too.
  @Test(
    arguments: [
      (0.25, [10, 30]), (0.26, [11, 29]), (0, [40]), (1, [40]), (0.999, [39, 1]),
    ] as [(Double, [Int])])
  func headFirst(share: Double, epochs: [Int]) throws {
    let phases = try phases(freezing: [.early]) { $0.headFirst = share }
    #expect(phases.map(\.epochs) == epochs)
    if share > 0 { #expect(try phases[0].trainableLayers == layers(.head)) }
    if share < 1 { #expect(try phases.last?.trainableLayers == layers(.middle, .late, .head)) }
  }

  /// From a solved head, every layer that is not frozen is trained in every epoch, at the rates of
  /// the strategy, whatever the share of the head.
  @Test func solvedHead() throws {
    let rates = LearningRates.uniform(1e-3)
    let phases = try phases(freezing: [.early], rates: rates) {
      $0.headStart = .solved
      $0.headFirst = 0.25
    }
    #expect(phases.map(\.epochs) == [40])
    #expect(try phases.map(\.trainableLayers) == [layers(.middle, .late, .head)])
    #expect(phases.map(\.learningRates) == [rates] && phases[0].layerRates.isEmpty)
  }

  /// A single epoch fine-tunes.
  @Test func singleEpoch() throws {
    let phases = try phases(epochs: 1) { $0.headFirst = 0.25 }
    #expect(phases.count == 1)
    #expect(try phases[0].trainableLayers == layers(.early, .middle, .late, .head))
  }

  /// While the head is trained alone, the backbone keeps its bits, moving statistics included.
  @Test func backboneInPhaseOne() throws {
    let images = LibrarySample.images(40)
    let run = try LibrarySample.run(epochs: 4) { $0.headFirst = 0.5 }
    var job = try run.job(for: images)
    #expect(job.phases.count == 2)
    job.phases.removeLast()
    let outcome = try Trainer.train(job, on: images)
    #expect(outcome.network.changes(from: job.network) == job.network.names(of: ["head"]))
  }

  /// Gradual unfreezing: the head, then one more group per phase, which stay; equal shares.
  @Test func gradualUnfreezing() throws {
    let phases = try phases(epochs: 42) { $0.gradualUnfreezing = true }
    #expect(
      try phases.map(\.trainableLayers) == [
        layers(.head), layers(.late, .head), layers(.middle, .late, .head),
        layers(.early, .middle, .late, .head),
      ])
    #expect(phases.map(\.epochs) == [10, 11, 10, 11])
  }

  /// Frozen groups are never unfrozen.
  @Test func gradualBelowFrozen() throws {
    let phases = try phases(freezing: [.early, .middle], epochs: 10) {
      $0.gradualUnfreezing = true
    }
    #expect(try phases.map(\.trainableLayers) == [layers(.head), layers(.late, .head)])
    #expect(phases.map(\.epochs) == [5, 5])
  }

  /// Groups without a layer to train have no phase.
  @Test func gradualByName() throws {
    var tuner = try FineTuner(
      baseModel: LibrarySample.model(), classCount: 3, layersToUnfreeze: ["block1_conv2"])
    tuner.techniques.gradualUnfreezing = true
    let history = try tuner.train(on: LibrarySample.images(40), epochs: 4)
    #expect(history.trainedLayers == ["block1_conv2", "head"] && history.epochs.count == 4)
    let run = StrategyRun(
      arm: Arm(
        name: "", strategy: .fineTuning, frozenGroups: [], learningRates: .discriminative,
        techniques: tuner.techniques),
      model: tuner.baseModel, seed: 0, epochs: 4, trainableLayers: ["block1_conv2"])
    #expect(
      run.phases(of: tuner.baseModel.network.graph, trainSize: 40).map(\.trainableLayers)
        == [["head"], ["block1_conv2", "head"]])
  }

  /// After each phase, what was not yet unfrozen has its bits and what was has changed.
  @Test func gradualTraining() throws {
    let images = LibrarySample.images(40)
    let run = try LibrarySample.run(epochs: 4) { $0.gradualUnfreezing = true }
    let job = try run.job(for: images)
    var shortened = job
    shortened.phases = Array(job.phases.prefix(2))
    let outcome = try Trainer.train(shortened, on: images)
    #expect(
      outcome.network.changes(from: job.network) == job.network.names(of: try layers(.late, .head)))
  }

  /// A layer below which everything is frozen must be there.
  @Test func frozenBelowUnknownLayer() throws {
    var arm = Arm.fineTuningAll
    arm.frozenBelow = "block7_conv1"
    let run = StrategyRun(arm: arm, model: try LibrarySample.model(), seed: 0)
    #expect(throws: NetworkError.self) { _ = try run.job(for: LibrarySample.images(6)) }
  }
}
