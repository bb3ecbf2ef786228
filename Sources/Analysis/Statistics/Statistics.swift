import RealModule

/// Summary statistics of plain arrays; sums accumulate in `Double`.
package enum Statistics {
  /// The arithmetic mean, or `nil` for no values.
  package static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The standard deviation over n − 1, or `nil` for fewer than two values.
  ///
  /// Zero for equal values, even if their mean is rounded.
  package static func standardDeviation(_ values: [Double]) -> Double? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    if values.allSatisfy({ $0 == values[0] }) { return 0 }
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Double.sqrt(squares / Double(values.count - 1))
  }

  /// The standard error of the mean, or `nil` for fewer than two values.
  ///
  /// - Parameter replication: What the values have in common; the result is s / √n if they are
  ///   independent.
  package static func standardError(
    _ values: [Double], _ replication: Replication = .independent
  ) -> Double? {
    let factor = replication.errorFactor(count: values.count)
    return standardDeviation(values).map { factor * $0 / Double.sqrt(Double(values.count)) }
  }

  /// The Student-t interval of the mean, or `nil` for fewer than two values.
  ///
  /// The mean plus or minus t((1 + confidence) / 2, n − 1) · s / √n, with the standard deviation s
  /// over n − 1. Equal values give an interval of width zero.
  ///
  /// - Parameters:
  ///   - confidence: Strictly between 0 and 1.
  ///   - replication: What the values have in common.
  package static func meanInterval(
    _ values: [Double], confidence: Double = 0.95, replication: Replication = .independent
  ) -> ConfidenceInterval? {
    guard let mean = mean(values), let error = standardError(values, replication) else {
      return nil
    }
    return interval(mean: mean, error: error, count: values.count, confidence: confidence)
  }

  /// The Student-t interval around a mean of at least two values with the given standard error.
  static func interval(
    mean: Double, error: Double, count: Int, confidence: Double
  ) -> ConfidenceInterval {
    let halfWidth =
      StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: Double(count - 1)) * error
    return ConfidenceInterval(lower: mean - halfWidth, upper: mean + halfWidth)
  }

  /// The quantile of the values at a probability, or `nil` for no values.
  ///
  /// Interpolated between neighbours: definition 7 of Hyndman and Fan, "Sample Quantiles in
  /// Statistical Packages", The American Statistician 50, 1996, the default of NumPy and R.
  ///
  /// - Parameter probability: In 0...1.
  package static func quantile(_ values: [Double], _ probability: Double) -> Double? {
    values.isEmpty ? nil : quantile(sorted: values.sorted(), probability)
  }

  /// The quantile of values that are in ascending order, at least one.
  static func quantile(sorted values: [Double], _ probability: Double) -> Double {
    let position = probability * Double(values.count - 1)
    let below = min(max(Int(position), 0), values.count - 1)
    let above = min(below + 1, values.count - 1)
    return values[below] + (position - Double(below)) * (values[above] - values[below])
  }
}
