package import NeuralNetwork
package import TaskData
import Tensors

/// How well a network does on labelled images.
package struct Evaluation: Sendable {
  /// Share classified correctly, 0...1.
  package let accuracy: Double
  /// Mean negative log-likelihood, in nats.
  package let logLoss: Double
}

package enum Evaluator {
  private static let batch = 100

  /// Runs the network in inference mode over all images.
  package static func evaluate(_ network: Network, on images: LabeledImages) throws -> Evaluation {
    let batch = min(batch, images.count)
    let program = try InferenceProgram(network, batch: batch)
    let rows = Array(0..<images.count)
    var sums = SoftmaxCrossEntropy.Sums()
    for start in stride(from: 0, to: images.count, by: batch) {
      let end = min(start + batch, images.count)
      try images.load(rows[start..<end], into: program.inputs[0])
      try program.run()
      let part = SoftmaxCrossEntropy.evaluate(
        logits: program.outputs[0], labels: images.labels[start..<end],
        classes: network.graph.outputShape.channels)
      sums.loss += part.loss
      sums.correct += part.correct
    }
    let count = Double(images.count)
    return Evaluation(accuracy: Double(sums.correct) / count, logLoss: sums.loss / count)
  }
}
