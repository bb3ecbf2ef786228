import Foundation

/// The loss of classification: softmax over the classes, then the negative log-likelihood.
package enum SoftmaxCrossEntropy {
  /// The sums over the examples of one batch.
  package struct Sums: Sendable {
    /// Sum of the losses, in nats.
    package var loss: Double = 0
    /// Number of examples whose largest logit is that of the label (the first one on a tie).
    package var correct: Int = 0

    package init() {}
  }

  /// Loss, hits and, where a gradient buffer is given, the gradient of the *mean* loss.
  ///
  /// - Parameters:
  ///   - logits: `[batch, classes]`; only the first `labels.count` rows are read.
  ///   - labels: class of each example, in 0..<classes.
  ///   - smoothing: the share of the target that is spread evenly over all classes, in 0..<1
  ///     (Szegedy et al. 2016).
  ///   - gradient: `[batch, classes]`, overwritten. The mean is over `labels.count` examples.
  ///
  /// Sums accumulate in double precision.
  package static func evaluate(
    logits: TensorBuffer, labels: ArraySlice<Int32>, classes: Int, smoothing: Float = 0,
    gradient: TensorBuffer? = nil
  ) -> Sums {
    var sums = Sums()
    let scale = 1 / Float(max(labels.count, 1))
    let spread = smoothing / Float(classes)
    for (row, label) in labels.enumerated() {
      let rowRange = row * classes..<(row + 1) * classes
      let scores = UnsafeBufferPointer(rebasing: logits.storage[rowRange])
      var best = 0
      for j in 1..<classes where scores[j] > scores[best] { best = j }
      var total: Float = 0
      var sum: Float = 0
      for j in 0..<classes {
        let score = scores[j] - scores[best]
        total += exp(score)
        sum += score
      }
      let own = scores[Int(label)] - scores[best]
      // A logit of minus infinity is no reason for NaN where nothing is spread.
      let target = spread > 0 ? (1 - smoothing) * own + spread * sum : own
      sums.loss += Double(log(total) - target)
      if best == Int(label) { sums.correct += 1 }
      guard let gradient else { continue }
      let slopes = UnsafeMutableBufferPointer(rebasing: gradient.storage[rowRange])
      for j in 0..<classes {
        slopes[j] = (exp(scores[j] - scores[best]) / total - spread) * scale
      }
      slopes[Int(label)] -= (1 - smoothing) * scale
    }
    return sums
  }
}
