import ModelFiles
import NeuralNetwork
import Records
import Tensors

/// What to do about the end of a network that is written.
package enum ExportedEnd: Sendable, Hashable {
  /// What was read is written: a softmax that was taken off is put back, and none is added.
  case asRead
  /// No softmax.
  case logits
  /// A softmax, where the network ends without one.
  case softmax
}

extension PretrainedModel.FromFile {
  /// Writes the whole network as a Keras model (`.keras`) or Keras weights (`.weights.h5`).
  ///
  /// - Returns: what the written model yields otherwise than the read one, one sentence each.
  /// - Throws: `Failure` of kind `usage` where the network cannot end so, `cannotCreate` or
  ///   `inputOutput`.
  package func export(to path: String, end: ExportedEnd = .asRead) throws -> [String] {
    let (hasSoftmax, notes) = try softmax(for: end)
    try ModelFile.write(
      model.network, name: model.architecture, metadata: metadata,
      output: hasSoftmax ? .probabilities : .logits, to: path)
    return notes
  }

  /// Whether a softmax follows the layers, and what differs then from what was read.
  private func softmax(for end: ExportedEnd) throws(Failure) -> (Bool, notes: [String]) {
    let outputs = model.network.graph.outputShape.channels
    switch (end, output) {
    case (.logits, .softmax):
      // Weights of tlbench have no end of their own.
      return (false, report == nil ? [] : ["The softmax at the end is left out: logits."])
    case (.logits, .linear), (.logits, .sigmoidLogits): return (false, [])
    case (.logits, _):
      throw refused("--logits", "it yields \(output.summary(outputs: outputs)), not logits")
    case (.softmax, .linear) where outputs > 1:
      return (true, ["A softmax is added at the end: probabilities in place of logits."])
    case (.softmax, .softmax), (.softmax, .probabilities): break
    case (.softmax, _):
      throw refused("--softmax", "it yields \(output.summary(outputs: outputs)), not logits")
    case (.asRead, .linear) where outputs > 1:
      return (
        false,
        ["The network ends in numbers of a linear layer; --softmax would add a softmax."]
      )
    case (.asRead, _): break
    }
    guard output == .softmax else { return (false, []) }
    return (
      true, report == nil ? ["A softmax is added at the end: probabilities, not logits."] : []
    )
  }

  private func refused(_ option: String, _ reason: String) -> Failure {
    Failure(
      .usage, "cannot use", on: option, because: reason,
      remedy: "Without the option what was read is written.")
  }
}
