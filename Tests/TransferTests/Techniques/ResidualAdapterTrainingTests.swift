import Foundation
import NeuralNetwork
import Records
import TaskData
import TestSupport
import Testing
import Transfer

/// Training of residual adapters beside frozen convolutions.
struct ResidualAdapterTrainingTests {
  private let images = LibrarySample.images(40)

  private func run(
    _ arm: Arm = .residualAdapters, _ architecture: Architecture = .medium,
    _ change: (inout Techniques) -> Void = { _ in }
  ) throws -> StrategyRun {
    var arm = arm
    change(&arm.techniques)
    return StrategyRun(
      arm: arm, model: try LibrarySample.model(architecture), seed: 3, epochs: 2)
  }

  /// The adapters of all 3×3 convolutions, normalizations and the head change, and nothing else.
  @Test(arguments: [(.simple, 4), (.medium, 6), (.deep, 13)] as [(Architecture, Int)])
  func changedTensors(architecture: Architecture, count: Int) throws {
    let run = try run(.residualAdapters, architecture)
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
    let measurement = try run().measure(train: images, test: LibrarySample.images(9, seed: 2))
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
      try run(arm, architecture) { $0.headStart = .new }.train(on: images)
    }
    #expect(try outcome(.residualAdapters).peakBytes < outcome(.fineTuningOneRate).peakBytes)
    func estimated(_ arm: Arm) throws -> CostEstimate {
      try run(arm, architecture).estimate(trainSize: 40, classes: 3)
    }
    #expect(try estimated(.residualAdapters).peakBytes < estimated(.fineTuningOneRate).peakBytes)
  }

  /// A model file has the merged kernels, the layers of the plain network, and the same outputs.
  @Test func writtenModel() throws {
    let network = try run().train(on: images).network
    let expected = try LibrarySample.forward(network, images.pixels)
    let folder = try TemporaryFolder()
    let path = folder.path("model.keras")
    let model = try TrainedModel(
      name: "medium", network: network, classNames: images.classNames, preprocess: nil,
      pixelRange: nil, provenance: [:])
    try model.write(to: path)
    let file = try TrainedModel.read(path)
    #expect(file.network.graph.parameters.allSatisfy { $0.name.role != "adapter" })
    let found = try LibrarySample.forward(file.network, images.pixels)
    for row in 0..<images.count {
      let logits = expected[3 * row..<3 * row + 3].map(Double.init)
      let sum = log(logits.reduce(0) { $0 + exp($1) })
      let probabilities = file.output.probabilities(found[3 * row..<3 * row + 3])
      for (probability, logit) in zip(probabilities, logits) {
        #expect(abs(Double(probability) - exp(logit - sum)) < 1e-5)
      }
    }
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
