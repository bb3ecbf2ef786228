import CKernels

/// The loss of classification: softmax over the classes, then the negative log-likelihood.
package enum SoftmaxCrossEntropy {
  /// The sums over the examples of one batch.
  package struct Sums: Sendable {
    /// Sum of the losses, in nats.
    package var loss: Double = 0
    /// Number of examples whose largest logit (the first one on a tie) is that of the label.
    package var correct: Int = 0

    package init() {}

    fileprivate init(_ sums: softmax_sums) {
      (loss, correct) = (sums.loss, sums.correct)
    }
  }

  /// Computes loss, hits and, if a gradient buffer is given, the gradient of the *mean* loss.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]`; only the first `labels.count` rows are read.
  ///   - labels: the class of each example, in 0..<classes.
  ///   - smoothing: fraction of the target that is spread evenly over all classes, in 0..<1
  ///     (Szegedy et al. 2016).
  ///   - gradient: `[batch, classes]`, overwritten. The mean is over `labels.count` examples.
  ///
  /// Each exponential is computed once, in float32; sums accumulate in double precision.
  package static func evaluate(
    logits: TensorBuffer, labels: ArraySlice<Int32>, classes: Int, smoothing: Float = 0,
    gradient: TensorBuffer? = nil
  ) -> Sums {
    let values = logits.storage.count
    precondition(labels.count * classes <= min(values, gradient?.storage.count ?? values))
    guard let logits = logits.start else { return Sums() }
    let sums = labels.withUnsafeBufferPointer { labels in
      guard let first = labels.baseAddress else { return softmax_sums() }
      return softmax_cross_entropy(
        logits, first, labels.count, classes, smoothing, gradient?.start)
    }
    return Sums(sums)
  }
}
