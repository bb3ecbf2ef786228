import RealModule

/// A mean over single examples with its standard error; intervals are normal ones.
package struct PooledMean: Sendable, Hashable {
  package let mean: Double
  package let standardError: Double

  /// A mean that is not random.
  static let zero = PooledMean(mean: 0, standardError: 0)

  package init(mean: Double, standardError: Double) {
    (self.mean, self.standardError) = (mean, standardError)
  }

  /// The mean of several means of the same examples.
  ///
  /// Their errors may be correlated in any way: the standard error is the largest possible one,
  /// which a single mean has as it is.
  init?(averaging means: [PooledMean]) {
    guard let mean = Statistics.mean(means.map(\.mean)),
      let error = Statistics.mean(means.map(\.standardError))
    else { return nil }
    self.init(mean: mean, standardError: error)
  }

  /// The mean in another unit.
  ///
  /// - Parameter factor: how many of the unit make one of this one; negative for the opposite sign.
  func scaled(by factor: Double) -> PooledMean {
    PooledMean(mean: factor * mean, standardError: factor.magnitude * standardError)
  }

  /// The two-sided interval of the mean.
  package func interval(confidence: Double = 0.95) -> ConfidenceInterval {
    let half = Self.quantile((1 + confidence) / 2) * standardError
    return ConfidenceInterval(lower: mean - half, upper: mean + half)
  }

  /// An end of the one-sided interval.
  ///
  /// - Parameter sign: 1 for the upper end, -1 for the lower one.
  func bound(confidence: Double, sign: Double) -> Double {
    mean + sign * Self.quantile(confidence) * standardError
  }

  /// The probability of a mean at least this far above a threshold if the true mean is at the
  /// threshold.
  func pValue(above threshold: Double) -> Double {
    guard standardError > 0 else { return mean > threshold ? 0 : 1 }
    return Normal.upperTail((mean - threshold) / standardError)
  }

  /// The quantile of the standard normal distribution; 1.96 for intervals of 95 %.
  private static func quantile(_ probability: Double) -> Double {
    (probability - 0.975).magnitude < 1e-9 ? FoldComparison.quantile : Normal.quantile(probability)
  }
}
