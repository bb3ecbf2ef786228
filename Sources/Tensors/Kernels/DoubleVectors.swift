import COneDNN

/// Long vectors in double precision.
package enum DoubleVectors {
  /// - Precondition: both are of one length.
  package static func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return double_dot(a, b, a.count)
  }

  /// a += factor × b.
  ///
  /// - Precondition: both are of one length.
  package static func add(_ factor: Double, _ b: [Double], to a: inout [Double]) {
    precondition(a.count == b.count)
    double_add(&a, factor, b, b.count)
  }

  /// Adds up the columns of rows `[count, sums.count]`, or where `mean` is given the squares of what
  /// they are off it.
  package static func addColumns(
    of rows: [Float], off mean: [Double]? = nil, to sums: inout [Double]
  ) {
    let width = sums.count
    if let mean {
      precondition(mean.count == width)
      double_add_columns(&sums, rows, rows.count / width, width, mean)
    } else {
      double_add_columns(&sums, rows, rows.count / width, width, nil)
    }
  }
}

/// The Cholesky factor of a symmetric positive definite matrix: what solves equations with it.
package struct CholeskyFactor: Sendable {
  package let size: Int
  /// `[size, size]`; only the lower triangle counts.
  private let lower: [Double]

  /// `nil` for a matrix that is not positive definite to working precision.
  ///
  /// - Parameter matrix: `[size, size]`, of which the lower triangle is read.
  package init?(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size)
    var matrix = matrix
    guard double_cholesky(&matrix, size) == 0 else { return nil }
    (lower, self.size) = (matrix, size)
  }

  /// Replaces right-hand sides `[size, columns]` by the solutions; what follows them stays.
  package func solve(_ sides: inout [Double], columns: Int) {
    precondition(sides.count >= size * columns)
    withUnsafeTemporaryAllocation(byteCount: 16 * 8 * size, alignment: 64) { work in
      guard let work = work.bindMemory(to: Double.self).baseAddress else { return }
      double_cholesky_solve(lower, size, &sides, columns, work)
    }
  }
}
