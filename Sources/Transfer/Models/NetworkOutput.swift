package import ModelFiles
package import NeuralNetwork
import Tensors

/// The meaning of the numbers that a network yields for an image.
package enum NetworkOutput: Sendable, Hashable {
  /// Logits of mutually exclusive classes; the softmax that follows is not among the layers.
  case softmax
  /// Probabilities of mutually exclusive classes; the softmax is among the layers.
  case probabilities
  /// Probabilities from sigmoids: a single one is that of the second of two classes, several are
  /// independent of each other.
  case sigmoids
  /// Logits of sigmoids that are not among the layers, as the loss of the training shows.
  case sigmoidLogits
  /// Numbers of a linear layer whose meaning the file does not say.
  case linear
  /// Numbers of a linear layer that was trained for regression.
  case numbers(loss: String)
  /// The output of a layer of another kind.
  case features(layer: String)
  /// Feature maps: a vector for each of several positions of the image.
  case maps

  /// Classifies the output of a network by its last layers.
  ///
  /// - Parameters:
  ///   - endsInSoftmax: whether a softmax follows that is not among the layers.
  ///   - loss: the loss that the network was trained with; `nil` if it is not known.
  package init(of graph: NetworkGraph, endsInSoftmax: Bool, loss: TrainingLoss?) {
    if !graph.yieldsVector {
      self = .maps
    } else if endsInSoftmax {
      self = .softmax
    } else {
      switch graph.end {
      case .softmax: self = .probabilities
      case .sigmoid: self = .sigmoids
      case .other: self = .features(layer: graph.nodes.last?.name ?? "")
      case .linear:
        if let loss, loss.isOfNumbers {
          self = .numbers(loss: loss.name)
        } else {
          self = loss?.isBinary == true ? .sigmoidLogits : .linear
        }
      }
    }
  }
}

extension NetworkGraph {
  /// The kind of a value, by the layers that computed it.
  fileprivate enum End { case softmax, sigmoid, linear, other }

  fileprivate var yieldsVector: Bool { outputShape.height * outputShape.width == 1 }

  /// The kind of the last layer's output.
  fileprivate var end: End {
    var ends: [End] = []
    for node in nodes {
      let inputs = node.inputs.map { $0 == NetworkGraph.input ? .other : ends[$0] }
      ends.append(end(of: node, reading: inputs))
    }
    return ends.last ?? .other
  }

  private func end(of node: Node, reading inputs: [End]) -> End {
    let same = inputs[0]
    let isLinear = inputs.allSatisfy { $0 == .linear }
    switch node.layer {
    case is Dense, is Conv2D: return .linear
    case is Rescaling, is BatchNorm, is Add: return isLinear ? .linear : .other
    // Layers that only rearrange or average values do not change their kind.
    case is Dropout, is GlobalAveragePool2D: return same
    case is Flatten, is Reshape:
      // The concatenated values of several pixels are not classes.
      let input = shape(at: node.inputs[0])
      return input.height * input.width == 1 ? same : .other
    case let activation as Activation:
      switch activation.function {
      case .softmax: return .softmax
      case .sigmoid, .hardSigmoid: return .sigmoid
      case .linear: return same
      default: return .other
      }
    default: return .other
    }
  }
}
