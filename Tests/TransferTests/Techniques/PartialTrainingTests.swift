import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Strategies that train a part of the parameters.
struct PartialTrainingTests {
  private let images = LibrarySample.images(40)

  private func run(_ arm: Arm, _ model: PretrainedModel? = nil) throws -> StrategyRun {
    StrategyRun(arm: arm, model: try model ?? LibrarySample.model(), seed: 3, epochs: 2)
  }

  private static let parts: [(Arm, Set<String>)] = [
    (.batchNormOnly, ["gamma", "beta", "moving_mean", "moving_variance"]), (.biasOnly, ["beta"]),
  ]

  /// What changes is the part that is trained and the head, whose start is solved; with a trained
  /// scale, the statistics of batch normalizations move too.
  @Test(arguments: parts, Architecture.allCases)
  func changedTensors(part: (Arm, Set<String>), architecture: Architecture) throws {
    let run = try run(part.0, LibrarySample.model(architecture))
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    #expect(
      outcome.network.changes(from: start)
        == start.names(of: start.graph.batchNormLayers, roles: part.1)
        .union(start.names(of: ["head"])))
  }

  /// `medium` has 224 normalized channels, 16 + 16 + 32 + 32 + 64 + 64, and a head with 64 × 3
  /// weights and 3 biases.
  @Test(
    arguments: [(.batchNormOnly, 2 * 224 + 195), (.biasOnly, 224 + 195)] as [(Arm, Int)])
  func trainedByHand(arm: Arm, count: Int) throws {
    let measurement = try run(arm).measure(train: images, test: LibrarySample.images(9, seed: 2))
    #expect(measurement.trainableParameters == count)
    let tensors = 6 * 5 + 2
    let trained = arm == .biasOnly ? 6 + 2 : 6 * 4 + 2
    #expect(measurement.audit.frozenTensors == tensors - trained)
    #expect(measurement.audit.frozenDigestBefore == measurement.audit.frozenDigestAfter)
  }

  /// With the policy `inference`, the scale is trained and statistics stay; with `batch`, they move
  /// although only shifts are trained.
  @Test func statistics() throws {
    func changes(_ arm: Arm, _ policy: BatchNormPolicy) throws -> Set<String> {
      var arm = arm
      arm.techniques.batchNorm = policy
      let run = try run(arm)
      let start = try run.job(for: images).network
      return try run.train(on: images).network.changes(from: start)
    }
    let graph = try LibrarySample.model().network.graph
    func names(_ role: String) -> Set<String> {
      Set(graph.batchNormLayers.map { "\($0)/\(role)" })
    }
    let head: Set = ["head/kernel", "head/bias"]
    #expect(
      try changes(.batchNormOnly, .inference) == names("gamma").union(names("beta")).union(head))
    #expect(
      try changes(.biasOnly, .batch)
        == names("beta").union(names("moving_mean")).union(names("moving_variance")).union(head))
  }

  /// Groups that are frozen stay frozen, and training the head first freezes the part.
  @Test func frozenGroups() throws {
    var arm = Arm.biasOnly.unfreezing("late", freezing: [.early, .middle])
    arm.techniques.headStart = .new
    arm.techniques.headFirst = 0.5
    let run = try run(arm)
    let job = try run.job(for: images)
    #expect(job.phases.map(\.trainableLayers) == [["head"], ["block3_bn1", "block3_bn2", "head"]])
    #expect(job.phases[0].frozenParameters.isEmpty)
    let outcome = try run.train(on: images)
    #expect(
      outcome.network.changes(from: job.network) == [
        "block3_bn1/beta", "block3_bn2/beta", "head/kernel", "head/bias",
      ])
    #expect(outcome.frozenParameters == job.phases[1].frozenParameters)
  }

  /// Surgical fine-tuning changes one group and the head.
  @Test(arguments: LayerGroup.backbone, Architecture.allCases)
  func surgical(group: LayerGroup, architecture: Architecture) throws {
    let arm = try #require(Arm.further.named("surgical-\(group)"))
    let run = try run(arm, LibrarySample.model(architecture))
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    #expect(
      outcome.network.changes(from: start)
        == start.names(of: start.graph.parameterLayers(in: [group, .head])))
  }

  /// A network without normalizations has no scale to train, which is an error that says so.
  @Test func nothingToTrain() throws {
    var graph = NetworkGraph(inputShape: LibrarySample.shape)
    try graph.add("conv", Conv2D(filters: 4, kernelSize: 3, hasBias: true), .early)
    try graph.add("relu", ReLU(), .early)
    try graph.add("pool", GlobalAveragePool2D(), .early)
    let model = try PretrainedModel(
      foreign: Network(graph: graph, seed: 1), name: "plain", sourceTask: "sample")
    let failure = failure { _ = try run(.batchNormOnly, model).train(on: images) }
    #expect(failure?.kind == .usage)
    #expect(failure?.attempt == "cannot train only the normalizations of the plain network")
    let outcome = try run(.biasOnly, model).train(on: images)
    #expect(
      outcome.network.changes(from: outcome.start) == ["conv/bias", "head/kernel", "head/bias"])
  }
}
