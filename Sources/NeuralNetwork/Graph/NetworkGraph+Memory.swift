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
}
