import Foundation
package import NeuralNetwork
package import TaskData
import Tensors

/// Runs a classifier over images, batch by batch.
package enum Predictor {
  private static let batch = 32

  /// Calls `handOver` with the probabilities of each batch of images, `[images][classes]`, in
  /// order.
  ///
  /// - Parameter output: the meaning of the network's output.
  /// - Precondition: the outputs are classes; see ``NetworkOutput/classCount(of:at:)``.
  package static func probabilities(
    _ network: Network, _ output: NetworkOutput, on images: LabeledImages,
    handOver: ([[Float]]) throws -> Void
  ) throws {
    let outputs = network.graph.outputShape.channels
    guard images.count > 0 else { return }
    let batch = network.graph.inferenceBatch(atMost: min(batch, images.count))
    let program = try InferenceProgram(network, batch: batch)
    try program.run(
      on: Array(0..<images.count), load: { try images.load($0, into: program.inputs[0]) }
    ) { rows in
      var values: [Float] = []
      RowGather.append(
        rows: rows.count, rowLength: outputs, of: program.outputs[0], to: &values)
      try handOver(
        stride(from: 0, to: values.count, by: outputs).map {
          output.probabilities(values[$0..<$0 + outputs])
        })
    }
  }

  /// exp(x) / Σ exp(x), computed without overflow.
  static func softmax(_ logits: ArraySlice<Float>) -> [Float] {
    let largest = logits.max() ?? 0
    let weights = logits.map { exp($0 - largest) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}
