import Tensors

/// Mean and standard deviation of every feature, `[features]`, for standardization.
package struct FeatureScale {
  package let mean: [Double]
  /// Population standard deviation; infinite for a constant feature, so that scaling turns it into
  /// zeros.
  package let deviation: [Double]

  /// A feature that deviates by less than this fraction of its mean (64 rounding errors of single
  /// precision) counts as constant: after standardization, its rounding errors would weigh as much
  /// as other features.
  private static let leastShare = 0x1p-17
  /// A feature that deviates by less than this counts as constant too: its weights would exceed the
  /// range of single precision.
  private static let leastDeviation = 1e-30

  /// - Parameter rows: `[count, features]`, at least one row; sums are in double precision.
  package init(of rows: [Float], features: Int) {
    let count = Double(rows.count / features)
    var mean = [Double](repeating: 0, count: features)
    var squares = mean
    DoubleVectors.addColumns(of: rows, to: &mean)
    for j in 0..<features { mean[j] /= count }
    DoubleVectors.addColumns(of: rows, off: mean, to: &squares)
    self.mean = mean
    deviation = zip(squares, mean).map { squares, mean in
      let deviation = (squares / count).squareRoot()
      return deviation > max(Self.leastShare * mean.magnitude, Self.leastDeviation)
        ? deviation : .infinity
    }
  }
}
