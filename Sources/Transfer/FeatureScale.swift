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
    rows.withUnsafeBufferPointer { rows in
      for start in stride(from: 0, to: rows.count, by: features) {
        for j in 0..<features { mean[j] += Double(rows[start + j]) }
      }
      for j in 0..<features { mean[j] /= count }
      for start in stride(from: 0, to: rows.count, by: features) {
        for j in 0..<features {
          let difference = Double(rows[start + j]) - mean[j]
          squares[j] += difference * difference
        }
      }
    }
    self.mean = mean
    deviation = squares.map { $0 > 0 ? ($0 / count).squareRoot() : 1 }
  }

  func scaled(_ value: Float, feature: Int) -> Float {
    Float((Double(value) - mean[feature]) / deviation[feature])
  }
}
