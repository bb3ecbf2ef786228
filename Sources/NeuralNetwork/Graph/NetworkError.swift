package import Tensors

/// An error in the structure or the parameters of a network, or in a reference to its layers.
package enum NetworkError: Error, Sendable, CustomStringConvertible {
  case duplicateLayer(String)
  case unknownLayer(String, known: [String])
  case shapeMismatch(layer: String, inputs: [ImageShape])
  /// Parameters of a network are missing, unknown to it, or have a wrong shape.
  case parameters(missing: [String], unexpected: [String], misshapen: [String])
  case nothingToTrain
  /// The first layers of the middle group, the late group and the head do not follow each other.
  case groupsOutOfOrder([String])
  /// A layer of the head reads more of the backbone than its last layer.
  case headReads(layer: String, input: String)

  package var description: String {
    switch self {
    case .duplicateLayer(let name): "two layers are called '\(name)'"
    case .unknownLayer(let name, let known):
      "there is no layer '\(name)'; the layers are \(known.joined(separator: ", "))"
    case .shapeMismatch(let layer, let inputs):
      "layer '\(layer)' does not accept inputs of shape "
        + inputs.map(\.description).joined(separator: ", ")
    case .parameters(let missing, let unexpected, let misshapen):
      [("missing", missing), ("not part of the network", unexpected), ("wrong shape", misshapen)]
        .filter { !$0.1.isEmpty }
        .map { "\($0.0): \($0.1.joined(separator: ", "))" }
        .joined(separator: "; ")
    case .groupsOutOfOrder(let layers):
      "the groups begin at \(layers.joined(separator: ", ")), which is not the order of the layers"
    case .headReads(let layer, let input):
      "'\(layer)' in the head reads '\(input)', not only the last layer before the head"
    case .nothingToTrain: "every layer is frozen, so there is nothing to train"
    }
  }
}
