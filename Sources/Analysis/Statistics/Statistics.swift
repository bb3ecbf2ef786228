import RealModule

/// Summaries of plain arrays; sums accumulate in `Double`.
package enum Statistics {
  /// The arithmetic mean, or `nil` for no values.
  package static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The 95 % Student-t interval of the mean, or `nil` for fewer than two values.
  ///
  /// The mean plus or minus t(0.975, n − 1) · s / √n, with the standard deviation s over n − 1.
  /// Equal values give an interval of width zero.
  package static func meanInterval(_ values: [Double]) -> ConfidenceInterval? {
    guard values.count >= 2, let mean = mean(values) else { return nil }
    let count = Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let standardError = Double.sqrt(squares / (count - 1) / count)
    let halfWidth = StudentT.quantile(0.975, degreesOfFreedom: count - 1) * standardError
    return ConfidenceInterval(lower: mean - halfWidth, upper: mean + halfWidth)
  }
}
