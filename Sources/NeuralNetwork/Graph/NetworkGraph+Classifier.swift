import Tensors

extension NetworkGraph {
  /// The position at which the classifier of the source task begins; `nil` if the network has none
  /// that can be removed.
  ///
  /// A classifier is the last layer with parameters, if every path to the output leads through it
  /// and the following layers read nothing else: a `Dense` layer, a convolution of a single pixel,
  /// or a convolution whose class maps are pooled and go through a softmax or sigmoid. The dropout
  /// before it is part of the classifier.
  ///
  /// - Parameter endsInSoftmax: whether a softmax follows that is not among the layers.
  func classifierStart(endsInSoftmax: Bool) -> Int? {
    guard var start = nodes.lastIndex(where: { !$0.parameters.isEmpty }),
      nodes[(start + 1)...].indices.allSatisfy({ nodes[$0].inputs == [$0 - 1] }),
      nodes[start].inputs == [start - 1],
      outputShape.count == nodes[start].outputShape.channels,
      isClassifier(start, endsInSoftmax: endsInSoftmax)
    else { return nil }
    while start > 0, nodes[start].inputs == [start - 1], nodes[start - 1].layer is Dropout {
      start -= 1
    }
    // The pooling of a sequence of tokens is part of the head as well.
    if start > 0, nodes[start].inputs == [start - 1], nodes[start - 1].layer is TokenPool {
      start -= 1
    }
    return start
  }

  private func isClassifier(_ position: Int, endsInSoftmax: Bool) -> Bool {
    let following = nodes[(position + 1)...]
    switch nodes[position].layer {
    case is Dense: return true
    case is Conv2D:
      let input = shape(at: position - 1)
      if input.height * input.width == 1 { return true }
      let yieldsProbabilities = following.contains {
        let function = ($0.layer as? Activation)?.function
        return function == .softmax || function == .sigmoid
      }
      return (endsInSoftmax || yieldsProbabilities)
        && following.contains { $0.layer is GlobalAveragePool2D || $0.layer is GlobalMaxPool2D }
    default: return false
    }
  }
}
