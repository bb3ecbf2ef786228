import Foundation
package import NeuralNetwork
package import Records
import Tensors

/// Classes and their probabilities.
extension NetworkOutput {
  /// Whether the probabilities of an image add up to 1.
  package func excludesClasses(outputs: Int) -> Bool {
    switch self {
    case .sigmoids, .sigmoidLogits: outputs == 1
    default: true
    }
  }

  /// The number of classes of a network with so many outputs.
  ///
  /// - Throws: `Failure` of kind `badData` where the outputs are no classes, with the reason.
  package func classCount(of graph: NetworkGraph, at path: String) throws(Failure) -> Int {
    let count = graph.outputShape.channels
    func refused(_ reason: String, _ remedy: String) -> Failure {
      Failure(.badData, "cannot use the classifier", on: path, because: reason, remedy: remedy)
    }
    let other = "Give a network with its classifier, such as 'tlbench train' writes."
    let output = "'\(graph.nodes.last?.name ?? "")'"
    switch self {
    case .maps:
      throw refused("it yields \(graph.outputShape) and not one number per class", other)
    case .features(let layer):
      throw refused(
        "it ends with \(count) numbers of '\(layer)', which are features and not classes", other)
    case .numbers(let loss):
      throw refused(
        "its output \(output) was trained on numbers (loss \(loss)), not on classes", other)
    case .linear where count == 1:
      throw refused(
        "its output \(output) is one number of a linear layer: a regression, or a logit",
        "If it tells two classes apart, end it in a sigmoid and save it again.")
    case .softmax where count == 1, .probabilities where count == 1:
      throw refused("it yields the softmax of one number, which is always 1", other)
    case .sigmoids, .sigmoidLogits: return count == 1 ? 2 : count
    case .softmax, .probabilities, .linear: return count
    }
  }

  /// The probability of each class, from one image's outputs.
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

  /// One probability is that of the second of two classes.
  private static func binary(_ row: [Float]) -> [Float] {
    row.count == 1 ? [1 - row[0], row[0]] : row
  }
}

/// In words.
extension NetworkOutput {
  /// What a user has to know of the probabilities; `nil` where the network itself yields them.
  package func note(outputs: Int) -> String? {
    switch self {
    case .linear:
      return "The network ends in \(outputs) numbers of a linear layer: the probabilities are "
        + "their softmax."
    case .sigmoidLogits, .sigmoids:
      let isAdded = self == .sigmoidLogits
      if outputs == 1 {
        return isAdded
          ? "The network yields one logit: its sigmoid is the probability of the second class."
          : "The network yields one sigmoid: the probability of the second class."
      }
      return "The network yields \(outputs) sigmoids\(isAdded ? "' logits" : ""): each is a "
        + "probability of its own, and those of an image need not add up to 1."
    default: return nil
    }
  }

  /// For a description of a network.
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
