import RealModule

/// A symmetric positive definite matrix, represented by its Cholesky factor.
struct PositiveMatrix {
  private let count: Int
  /// The lower triangle, row by row; the rest is unspecified.
  private let factor: [Double]

  /// - Parameter rows: The whole matrix; pivots that rounding makes negative become slightly
  ///   positive.
  init(_ rows: [[Double]]) {
    let count = rows.count
    var factor = rows.flatMap { $0 }
    for i in 0..<count {
      for j in 0...i {
        var sum = factor[i * count + j]
        for k in 0..<j { sum -= factor[i * count + k] * factor[j * count + k] }
        factor[i * count + j] =
          i == j ? Double.sqrt(max(sum, 1e-12 * rows[i][i])) : sum / factor[j * count + j]
      }
    }
    self.count = count
    self.factor = factor
  }

  /// The solution x of A x = b.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for i in 0..<count {
      for k in 0..<i { x[i] -= factor[i * count + k] * x[k] }
      x[i] /= factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<max(count, i + 1) { x[i] -= factor[k * count + i] * x[k] }
      x[i] /= factor[i * count + i]
    }
    return x
  }

  /// The inverse, as rows; symmetric to the last bit.
  func inverse() -> [[Double]] {
    var rows = (0..<count).map { unit in
      solve((0..<count).map { $0 == unit ? 1 : 0 })
    }
    for i in 0..<count {
      for j in 0..<i { rows[i][j] = rows[j][i] }
    }
    return rows
  }

  /// The product of the factor and a vector: independent standard normal numbers become normal
  /// numbers with this matrix as their covariance.
  func scaled(_ normals: [Double]) -> [Double] {
    (0..<count).map { i in (0...i).reduce(0) { $0 + factor[i * count + $1] * normals[$1] } }
  }

  /// The diagonal of the inverse: squared lengths of the columns of the factor's inverse.
  func inverseDiagonal() -> [Double] {
    var column = [Double](repeating: 0, count: count)
    return (0..<count).map { start in
      var sum = 0.0
      for i in start..<count {
        var value = i == start ? 1.0 : 0
        for k in start..<i { value -= factor[i * count + k] * column[k] }
        column[i] = value / factor[i * count + i]
        sum += column[i] * column[i]
      }
      return sum
    }
  }
}
