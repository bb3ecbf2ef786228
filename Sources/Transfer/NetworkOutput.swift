package import ModelFiles
package import NeuralNetwork
import Tensors

/// What the numbers are that a network yields for an image.
package enum NetworkOutput: Sendable, Hashable {
  /// Logits of classes of which one is right: the softmax that makes probabilities of them is not
  /// among the layers.
  case softmax
  /// Probabilities of such classes: the softmax is among the layers.
  case probabilities
  /// A probability each, by sigmoids: one alone is that of the second of two classes, several are
  /// independent of each other.
  case sigmoids
  /// What the sigmoid of makes such probabilities: trained so, and not among the layers.
  case sigmoidLogits
  /// Numbers of a linear layer, of which the file does not say what they mean.
  case linear
  /// Numbers of a linear layer that was trained to come near given numbers.
  case numbers(loss: String)
  /// What a layer of another kind yields.
  case features(layer: String)
  /// Several numbers per place of an image.
  case maps

  /// - Parameters:
  ///   - endsInSoftmax: whether a softmax follows that is not among the layers.
  ///   - loss: what the network was trained with, where that is known.
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
  /// What a value is by the layers that made it.
  fileprivate enum End { case softmax, sigmoid, linear, other }

  fileprivate var yieldsVector: Bool { outputShape.height * outputShape.width == 1 }

  /// What the last layer yields.
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
    // Layers that only rearrange or average values leave them what they are.
    case is Dropout, is GlobalAveragePool2D: return same
    case is Flatten, is Reshape:
      // The values of several pixels side by side are no classes.
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
