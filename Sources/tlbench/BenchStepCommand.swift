import ArgumentParser
import Foundation
import NeuralNetwork
import Tensors
import Transfer

/// Measures the engine alone, one round for every line on standard input; `make bench` drives it
/// beside PyTorch.
struct BenchStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "bench-step", shouldDisplay: false)

  @Option(help: "Architecture to train.")
  var architecture = "medium"

  @Option(help: "Examples per step.")
  var batch = 32

  private static let roundSeconds = 0.5

  func run() throws {
    try OptionValues.check(batch, of: "--batch", in: 1...65_536)
    let shape = ImageShape(height: 16, width: 16, channels: 1)
    let graph = try OptionValues.architecture(architecture)
      .graph(inputShape: shape, classes: 10)
    let network = Network(graph: graph, seed: 1)
    let scope = try TrainingScope(graph: graph, trainableLayers: Set(graph.parameterLayers))
    let store = ParameterStore(network: network, trainableLayers: scope.trainableLayers)
    let training = try TrainingProgram(
      graph, scope: scope, batch: batch, store: store, randomness: StepRandomness(seed: 1))
    let optimizer = try OptimizerState(.adam(), store: store) { _ in 1e-3 }
    let inference = try InferenceProgram(network, batch: batch)
    var generator = CounterGenerator(seed: 1)
    let pixels = (0..<batch * shape.count).map { _ in generator.normal() }
    let labels = (0..<batch).map { Int32($0 % 10) }
    let rows = Array(0..<batch)

    while readLine() != nil {
      let trained = try rate {
        RowGather.copy(
          rows: rows[...], of: pixels, rowLength: shape.count, into: training.inputs[0])
        _ = try training.step(labels: labels[...], number: 0)
        optimizer.apply(factor: 1)
      }
      let inferred = try rate {
        RowGather.copy(
          rows: rows[...], of: pixels, rowLength: shape.count, into: inference.inputs[0])
        try inference.run()
      }
      print(
        #"{"name": "tlbench", "train_images_per_second": \#(trained), "#
          + #""inference_images_per_second": \#(inferred)}"#)
      fflush(nil)
    }
  }

  /// Images per second of a body that handles one batch.
  private func rate(_ body: () throws -> Void) throws -> Double {
    let watch = Stopwatch()
    var batches = 0
    repeat {
      for _ in 0..<10 { try body() }
      batches += 10
    } while watch.wallSeconds < Self.roundSeconds
    return Double(batches * batch) / watch.wallSeconds
  }
}
