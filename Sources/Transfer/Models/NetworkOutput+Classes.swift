import Foundation
package import NeuralNetwork
package import Records
import Tensors

// Classes and their probabilities.

extension NetworkOutput {
  /// Whether the probabilities of an image add up to 1.
  package func excludesClasses(outputs: Int) -> Bool {
    switch self {
    case .sigmoids, .sigmoidLogits: outputs == 1
    default: true
    }
  }

  /// The number of classes of a network with this kind of output.
  ///
  /// - Throws: `Failure` of kind `badData`, with the reason, if the outputs are not classes.
  package func classCount(of graph: NetworkGraph, at path: String) throws(Failure) -> Int {
    let count = graph.outputShape.channels
    func refused(_ reason: String, _ remedy: String) -> Failure {
      Failure(.badData, "cannot use the classifier", on: path, because: reason, remedy: remedy)
    }
    let other = "Give a network with a classifier, such as one that 'tlbench train' wrote."
    let output = "'\(graph.nodes.last?.name ?? "")'"
    switch self {
    case .maps:
      throw refused("it yields \(graph.outputShape), not one number per class", other)
    case .features(let layer):
      throw refused(
        "it ends with \(count) numbers of '\(layer)', which are features, not classes", other)
    case .numbers(let loss):
      throw refused(
        "its output \(output) was trained for regression (loss \(loss)), not for classes", other)
    case .linear where count == 1:
      throw refused(
        "its output \(output) is one number of a linear layer: a regression or a logit",
        "If it distinguishes two classes, add a sigmoid at the end and save it again.")
    case .softmax where count == 1, .probabilities where count == 1:
      throw refused("it yields the softmax of one number, which is always 1", other)
    case .sigmoids, .sigmoidLogits: return count == 1 ? 2 : count
    case .softmax, .probabilities, .linear: return count
    }
  }

  /// The probability of each class, from the outputs for one image.
  ///
  /// - Precondition: the outputs are classes; see ``classCount(of:at:)``.
  package func probabilities(_ row: ArraySlice<Float>) -> [Float] {
    switch self {
    case .probabilities: return Array(row)
    case .sigmoids: return Self.binary(Array(row))
    case .sigmoidLogits: return Self.binary(row.map { 1 / (1 + exp(-$0)) })
    default: return Predictor.softmax(row)
    }
  }

  /// Probabilities of all classes; a single probability is that of the second of two classes.
  private static func binary(_ row: [Float]) -> [Float] {
    row.count == 1 ? [1 - row[0], row[0]] : row
  }
}

// Descriptions.

extension NetworkOutput {
  /// A note on how the probabilities are computed; `nil` if the network itself yields them.
  package func note(outputs: Int) -> String? {
    switch self {
    case .linear:
      return "The network ends in \(outputs) numbers of a linear layer; the probabilities are "
        + "their softmax."
    case .sigmoidLogits, .sigmoids:
      let isAdded = self == .sigmoidLogits
      if outputs == 1 {
        return isAdded
          ? "The network yields one logit: its sigmoid is the probability of the second class."
          : "The network yields one sigmoid: the probability of the second class."
      }
      return "The network yields \(outputs) \(isAdded ? "logits of sigmoids" : "sigmoids"): the "
        + "probabilities are independent, and those of an example need not add up to 1."
    default: return nil
    }
  }

  /// A short description of the output, for the description of a network.
  package func summary(outputs: Int) -> String {
    switch self {
    case .softmax, .probabilities: "probabilities of \(outputs) classes (softmax)"
    case .sigmoids, .sigmoidLogits:
      outputs == 1
        ? "the probability of the second of two classes (sigmoid)"
        : "\(outputs) independent probabilities (sigmoids)"
    case .linear:
      outputs == 1 ? "one number (linear)" : "\(outputs) logits or other numbers (linear)"
    case .numbers(let loss): "\(outputs) numbers (linear, loss \(loss))"
    case .features: "\(outputs) features"
    case .maps: "maps"
    }
  }
}
