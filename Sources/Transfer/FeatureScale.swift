import Tensors

/// Mean and standard deviation of every feature, `[features]`.
package struct FeatureScale {
  package let mean: [Double]
  /// Population standard deviation; 1 where a feature is constant, which scaling turns into zeros.
  package let deviation: [Double]

  /// - Parameter rows: `[count, features]`, at least one row; sums are in double precision.
  package init(of rows: [Float], features: Int) {
    let count = Double(rows.count / features)
    var mean = [Double](repeating: 0, count: features)
    var squares = mean
    DoubleVectors.addColumns(of: rows, to: &mean)
    for j in 0..<features { mean[j] /= count }
    DoubleVectors.addColumns(of: rows, off: mean, to: &squares)
    self.mean = mean
    deviation = squares.map { $0 > 0 ? ($0 / count).squareRoot() : 1 }
  }
}
