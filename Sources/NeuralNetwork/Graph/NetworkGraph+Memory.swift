import Tensors

extension NetworkGraph {
  /// The bytes of working memory of a training step beside activations, parameters and gradients,
  /// as far as they are known beforehand.
  ///
  /// - Parameter threads: the number of threads that share the step (default: 1).
  package func workingBytes(batch: Int, threads: Int = 1) -> Int {
    nodes.reduce(0) { most, node in
      guard let input = node.inputs.first.map(shape(at:)) else { return most }
      return max(most, node.layer.workingBytes(batch: batch, input: input, threads: threads))
    }
  }

  /// The bytes of what layers hold in every program beside parameters, inputs and outputs.
  package var tableBytes: Int {
    nodes.reduce(0) { sum, node in
      node.inputs.first.map { sum + node.layer.tableBytes(input: shape(at: $0)) } ?? sum
    }
  }

  /// The least memory in bytes with which the network classifies one example: parameters, tables,
  /// working memory, and the inputs and output of the layer that has the most of them.
  ///
  /// Every use of the network needs as much, training more.
  package var leastBytes: Int {
    let widest = nodes.reduce(0) { most, node in
      max(most, node.inputs.reduce(node.outputShape.count) { $0 + shape(at: $1).count })
    }
    let parameters = nodes.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.count } }
    return (widest + parameters) * MemoryLayout<Float>.stride + tableBytes + workingBytes(batch: 1)
  }
}
