import NeuralNetwork
import Records
import TaskData
import TestSupport
import Testing
import Transfer

/// Training of residual adapters beside frozen convolutions.
struct ResidualAdapterTrainingTests {
  private let images = LibrarySample.images(40)

  /// The adapters of all 3×3 convolutions, normalizations and the head change, and nothing else.
  @Test(arguments: [(.simple, 4), (.medium, 6), (.deep, 13)] as [(Architecture, Int)])
  func changedTensors(architecture: Architecture, count: Int) throws {
    let run = try LibrarySample.run(of: .residualAdapters, architecture)
    let start = try run.job(for: images).network
    let outcome = try run.train(on: images)
    let adapters = start.names(of: start.graph.parameterLayers, roles: ["adapter"])
    #expect(adapters.count == count)
    #expect(
      outcome.network.changes(from: start)
        == adapters.union(start.names(of: start.graph.batchNormLayers + ["head"])))
  }

  /// On `medium`, an adapter from a to b channels has a × b weights, and there are 224 normalized
  /// channels; the head has 64 × 3 + 3.
  @Test func trainedByHand() throws {
    let measurement = try LibrarySample.run(of: .residualAdapters)
      .measure(train: images, test: LibrarySample.images(9, seed: 2))
    let adapters = 1 * 16 + 16 * 16 + 16 * 32 + 32 * 32 + 32 * 64 + 64 * 64
    #expect(measurement.trainableParameters == adapters + 2 * 224 + 195)
    #expect(measurement.totalParameters == 10 * adapters + 2 * 224 + 195)
    // The six kernels.
    #expect(measurement.audit.frozenTensors == 6)
    #expect(measurement.audit.frozenDigestBefore == measurement.audit.frozenDigestAfter)
  }

  /// A run takes less memory than fine-tuning of every layer.
  @Test(arguments: Architecture.allCases) func memory(architecture: Architecture) throws {
    func outcome(_ arm: Arm) throws -> TrainingOutcome {
      try LibrarySample.run(of: arm, architecture) { $0.headStart = .new }.train(on: images)
    }
    #expect(try outcome(.residualAdapters).peakBytes < outcome(.fineTuningOneRate).peakBytes)
    func estimated(_ arm: Arm) throws -> CostEstimate {
      try LibrarySample.run(of: arm, architecture).estimate(trainSize: 40, classes: 3)
    }
    #expect(try estimated(.residualAdapters).peakBytes < estimated(.fineTuningOneRate).peakBytes)
  }

  /// A model file has the merged kernels, the layers of the plain network, and the same outputs.
  @Test func writtenModel() throws {
    let network = try LibrarySample.run(of: .residualAdapters).train(on: images).network
    let written = try LibrarySample.written(network, classifying: images)
    #expect(written.graph.parameters.allSatisfy { $0.name.role != "adapter" })
  }

  /// A network whose convolutions have windows of single pixels is refused.
  @Test func nothingToTrain() throws {
    var graph = NetworkGraph(inputShape: LibrarySample.shape)
    try graph.add("conv", Conv2D(filters: 4, kernelSize: 1), .early)
    try graph.add("bn", BatchNorm(), .early)
    try graph.add("pool", GlobalAveragePool2D(), .early)
    let model = try PretrainedModel(
      foreign: Network(graph: graph, seed: 1), name: "plain", sourceTask: "sample")
    let failure = failure {
      _ = try StrategyRun(arm: .residualAdapters, model: model, seed: 3).train(on: images)
    }
    #expect(failure?.kind == .usage)
    #expect(failure?.attempt == "cannot train only residual adapters of the plain network")
  }
}
