import RealModule

/// Intervals by resampling (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993).
///
/// For few values these intervals are too narrow: the percentile interval of the mean of three
/// values spans just those values, and covers the true mean of a normal distribution in 75 % of all
/// experiments. Verdicts therefore rest on ``PairedDifferences``.
package enum Bootstrap {
  /// How an interval is read from the resampled statistics.
  package enum Method: String, Sendable, CaseIterable {
    /// Between two quantiles of the resampled statistics (chapter 13).
    case percentile
    /// Quantiles corrected for bias and skewness (chapter 14.3): bias-corrected and accelerated.
    case bca
  }

  /// How many resamples are drawn, and up to how many are enumerated.
  package static let resamples = 10_000

  /// The interval of a statistic, or `nil` for fewer than two values.
  ///
  /// Up to five values, all n^n equally likely resamples are enumerated: the result is exact and
  /// does not depend on the seed. From six values on, 10,000 are drawn.
  ///
  /// - Parameters:
  ///   - confidence: Strictly between 0 and 1.
  ///   - seed: Seed of the draws. The same arguments always give the same interval.
  ///   - statistic: The mean by default; it must not depend on the order of the values.
  package static func interval(
    _ values: [Double], method: Method = .percentile, confidence: Double = 0.95, seed: UInt64,
    statistic: ([Double]) -> Double = { $0.reduce(0, +) / Double($0.count) }
  ) -> ConfidenceInterval? {
    guard values.count >= 2 else { return nil }
    var resampled =
      enumerated(values, statistic) ?? drawn(values, SplitMix64(seed: seed), statistic)
    resampled.sort()
    let observed = statistic(values)
    if resampled[0] == resampled[resampled.count - 1] {
      return ConfidenceInterval(lower: observed, upper: observed)
    }
    var tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    if method == .bca {
      let bias = biasCorrection(resampled, observed)
      let acceleration = acceleration(values, statistic)
      tails = tails.map { tail in
        let shifted = bias + Normal.quantile(tail)
        return Normal.cumulative(bias + shifted / (1 - acceleration * shifted))
      }
    }
    // A statistic beyond all of its resamples has no correction.
    guard tails.allSatisfy(\.isFinite) else { return nil }
    return ConfidenceInterval(
      lower: Statistics.quantile(sorted: resampled, tails[0]),
      upper: Statistics.quantile(sorted: resampled, tails[1]))
  }

  /// z₀: the normal quantile of the share of resampled statistics below the observed one, those
  /// equal to it counting half.
  private static func biasCorrection(_ resampled: [Double], _ observed: Double) -> Double {
    let below = resampled.count { $0 < observed }
    let upTo = resampled.count { $0 <= observed }
    return Normal.quantile(Double(below + upTo) / Double(2 * resampled.count))
  }

  /// a: a sixth of the skewness of the jackknife values.
  private static func acceleration(
    _ values: [Double], _ statistic: ([Double]) -> Double
  ) -> Double {
    let left = values.indices.map { index in
      var others = values
      others.remove(at: index)
      return statistic(others)
    }
    let mean = left.reduce(0, +) / Double(left.count)
    let squares = left.reduce(0) { $0 + (mean - $1) * (mean - $1) }
    let cubes = left.reduce(0) { $0 + (mean - $1) * (mean - $1) * (mean - $1) }
    return squares > 0 ? cubes / (6 * squares * Double.sqrt(squares)) : 0
  }

  /// The statistics of all n^n resamples, or `nil` where there are more than ``resamples``.
  private static func enumerated(
    _ values: [Double], _ statistic: ([Double]) -> Double
  ) -> [Double]? {
    var total = 1
    for _ in values {
      total *= values.count
      if total > resamples { return nil }
    }
    return (0..<total).map { code in
      // The digits of the code in base n pick the values.
      var remaining = code
      let sample = values.map { _ in
        defer { remaining /= values.count }
        return values[remaining % values.count]
      }
      return statistic(sample)
    }
  }

  private static func drawn(
    _ values: [Double], _ generator: consuming SplitMix64, _ statistic: ([Double]) -> Double
  ) -> [Double] {
    var generator = generator
    var sample = values
    return (0..<resamples).map { _ in
      for index in sample.indices { sample[index] = values[generator.next(below: values.count)] }
      return statistic(sample)
    }
  }
}
