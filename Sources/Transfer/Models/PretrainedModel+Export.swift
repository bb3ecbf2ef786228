import ModelFiles
import NeuralNetwork
import Records
import Tensors

/// How an exported network ends.
package enum ExportedEnd: Sendable, Hashable {
  /// As in the file that was read: a softmax that was removed is restored, and none is added.
  case asRead
  /// Without a softmax.
  case logits
  /// With a softmax, which is added if the network ends without one.
  case softmax
}

extension PretrainedModel.FromFile {
  /// Writes the whole network as a Keras model (`.keras`) or Keras weights (`.weights.h5`).
  ///
  /// - Returns: notes on how the output of the written model differs, one sentence each.
  /// - Throws: `Failure` of kind `usage` if the network cannot end in the requested way,
  ///   `cannotCreate` or `inputOutput`.
  package func export(to path: String, end: ExportedEnd = .asRead) throws -> [String] {
    let (hasSoftmax, notes) = try softmax(for: end)
    try ModelFile.write(
      model.network, name: model.architecture, metadata: metadata,
      output: hasSoftmax ? .probabilities : .logits, to: path)
    return notes
  }

  /// Whether a softmax follows the layers, with notes on how that differs from the file.
  private func softmax(for end: ExportedEnd) throws(Failure) -> (Bool, notes: [String]) {
    let outputs = model.network.graph.outputShape.channels
    switch (end, output) {
    case (.logits, .softmax):
      // Weights that tlbench pretrained have no softmax of their own.
      return (false, report == nil ? [] : ["The softmax at the end is omitted: logits."])
    case (.logits, .linear), (.logits, .sigmoidLogits): return (false, [])
    case (.logits, _):
      throw refused("logits", "yields \(output.summary(outputs: outputs)), not logits")
    case (.softmax, .linear) where outputs > 1:
      return (true, ["A softmax is added at the end: probabilities instead of logits."])
    case (.softmax, .softmax), (.softmax, .probabilities): break
    case (.softmax, _):
      throw refused("softmax", "yields \(output.summary(outputs: outputs)), not logits")
    case (.asRead, .linear) where outputs > 1:
      return (
        false,
        ["The network ends in numbers of a linear layer; `softmax` would add a softmax."]
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
      .usage, "cannot use", on: "`\(option)`", because: "the network \(reason)",
      remedy: "Leave it out to write the network as it was read.")
  }
}
