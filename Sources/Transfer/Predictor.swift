import Foundation
package import NeuralNetwork
package import TaskData
import Tensors

/// Runs a classifier over images, batch by batch.
package enum Predictor {
  private static let batch = 32

  /// Hands over the probabilities of some images at a time, `[images][classes]`, in order.
  ///
  /// - Parameter network: yields logits.
  package static func probabilities(
    _ network: Network, on images: LabeledImages, handOver: ([[Float]]) throws -> Void
  ) throws {
    let classes = network.graph.outputShape.channels
    guard images.count > 0 else { return }
    let program = try InferenceProgram(network, batch: min(batch, images.count))
    for start in stride(from: 0, to: images.count, by: program.batch) {
      let rows = start..<min(start + program.batch, images.count)
      try images.load(Array(rows)[...], into: program.inputs[0])
      try program.run()
      var logits: [Float] = []
      RowGather.append(
        rows: rows.count, rowLength: classes, of: program.outputs[0], to: &logits)
      try handOver(
        stride(from: 0, to: logits.count, by: classes).map { softmax(logits[$0..<$0 + classes]) })
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
