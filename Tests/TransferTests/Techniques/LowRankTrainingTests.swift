import NeuralNetwork
import Records
import TaskData
import TestSupport
import Testing
import Transfer

/// Fine-tuning of low-rank additions to frozen kernels.
struct LowRankTrainingTests {
  private let images = LibrarySample.images(40)

  /// The factors of every convolution and the head change, and nothing else.
  @Test(arguments: Architecture.allCases) func changedTensors(architecture: Architecture) throws {
    let run = try LibrarySample.run(of: .lowRank, architecture)
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    let factors = start.graph.parameters.map(\.name.description).filter { $0.contains("/lora_") }
    #expect(
      outcome.network.changes(from: start) == Set(factors).union(["head/kernel", "head/bias"]))
    #expect(try run.plannedEpochs(trainSize: 40, classes: 3) == outcome.history.count)
    #expect(factors.count == 2 * start.graph.nodes.filter { $0.name.contains("conv") }.count)
  }

  /// With normalizations in addition, their scales, shifts and statistics change too.
  @Test func withNormalizations() throws {
    let run = try LibrarySample.run(of: .lowRank) { $0.trainedParameters = .normalizations }
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    let kernels = start.names(
      of: start.graph.parameterLayers(in: LayerGroup.backbone), roles: ["kernel"])
    #expect(
      outcome.network.changes(from: start)
        == start.names(of: start.graph.parameterLayers).subtracting(kernels))
  }

  /// Rank 4 on `medium`: each convolution from a to b channels has 9 a × 4 + 4 b weights; the head
  /// has 64 × 3 + 3.
  @Test func trainedByHand() throws {
    let measurement = try LibrarySample.run(of: .lowRank)
      .measure(train: images, test: LibrarySample.images(9, seed: 2))
    let (inputs, outputs) = (1 + 16 + 16 + 32 + 32 + 64, 16 + 16 + 32 + 32 + 64 + 64)
    let factors = 36 * inputs + 4 * outputs
    #expect(measurement.trainableParameters == factors + 195)
    let convolutions = 9 * (1 * 16 + 16 * 16 + 16 * 32 + 32 * 32 + 32 * 64 + 64 * 64)
    #expect(measurement.totalParameters == convolutions + 2 * 224 + factors + 195)
    // Six kernels, and four tensors of each of six normalizations.
    #expect(measurement.audit.frozenTensors == 6 + 24)
    #expect(measurement.audit.frozenDigestBefore == measurement.audit.frozenDigestAfter)
  }

  /// A run takes less memory than fine-tuning of every layer.
  @Test(arguments: Architecture.allCases) func memory(architecture: Architecture) throws {
    func outcome(_ arm: Arm) throws -> TrainingOutcome {
      try LibrarySample.run(of: arm, architecture) { $0.headStart = .new }.train(on: images)
    }
    let (low, all) = (try outcome(.lowRank), try outcome(.fineTuningOneRate))
    #expect(low.peakBytes < all.peakBytes)
    func measured(_ arm: Arm) throws -> CostEstimate {
      try LibrarySample.run(of: arm, architecture).estimate(trainSize: 40, classes: 3)
    }
    #expect(try measured(.lowRank).peakBytes < measured(.fineTuningOneRate).peakBytes)
  }

  /// Training starts from the linear probe's outputs, whose features the runs of a sweep share.
  @Test func start() throws {
    let features = FeatureCache(capacity: 1 << 24)
    func shared(_ arm: Arm) throws -> StrategyRun {
      StrategyRun(
        arm: arm, model: try LibrarySample.model(), seed: 3, epochs: 1, features: features)
    }
    let probe = try shared(.linearProbe).train(on: images).network
    let start = try shared(.lowRank).job(for: images).network
    #expect(
      try LibrarySample.forward(start, images.pixels)
        == LibrarySample.forward(probe, images.pixels))
  }

  /// A model file has the merged kernels, the layers of the plain network, and the same outputs.
  @Test func writtenModel() throws {
    let network = try LibrarySample.run(of: .lowRank).train(on: images).network
    let written = try LibrarySample.written(network, classifying: images)
    #expect(written.graph.parameters.allSatisfy { !$0.name.role.hasPrefix("lora") })
    let plain = try LibrarySample.model().network
    #expect(written.values("block2_conv1", "kernel") != plain.values("block2_conv1", "kernel"))
  }

  /// A network without kernels that could have an addition is refused.
  @Test func nothingToTrain() throws {
    let run = try LibrarySample.run(of: .lowRank) { $0.lowRank = LowRankAdapters(rank: 1) }
    let arm = run.arm.unfreezing("none", freezing: LayerGroup.backbone)
    let failure = failure {
      _ = try StrategyRun(arm: arm, model: LibrarySample.model(), seed: 3).train(on: images)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.attempt.contains("low-rank additions") == true)
  }
}
