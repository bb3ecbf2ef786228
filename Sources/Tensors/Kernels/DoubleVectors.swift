import CKernels

/// Operations on long vectors in double precision.
package enum DoubleVectors {
  /// The dot product of two vectors.
  ///
  /// - Precondition: both have the same length.
  package static func dot(_ a: [Double], _ b: [Double]) -> Double {
    precondition(a.count == b.count)
    return double_dot(a, b, a.count)
  }

  /// a += factor × b.
  ///
  /// - Precondition: both have the same length.
  package static func add(_ factor: Double, _ b: [Double], to a: inout [Double]) {
    precondition(a.count == b.count)
    double_add(&a, factor, b, b.count)
  }

  /// Adds the column sums of rows `[count, sums.count]` to `sums`, or with `mean` the sums of
  /// squared deviations from it.
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

/// The Cholesky factor of a symmetric positive definite matrix, for solving linear equations.
package struct CholeskyFactor: Sendable {
  package let size: Int
  /// The factor, `[size, size]`; only the lower triangle is used.
  private let lower: [Double]

  /// Factors a matrix; `nil` if it is not positive definite to working precision.
  ///
  /// - Parameter matrix: `[size, size]`; only the lower triangle is read.
  package init?(_ matrix: [Double], size: Int) {
    precondition(matrix.count == size * size)
    var matrix = matrix
    guard double_cholesky(&matrix, size) == 0 else { return nil }
    (lower, self.size) = (matrix, size)
  }

  /// Replaces right-hand sides `[size, columns]` with the solutions; later elements are not
  /// changed.
  package func solve(_ sides: inout [Double], columns: Int) {
    precondition(sides.count >= size * columns)
    withUnsafeTemporaryAllocation(byteCount: 16 * 8 * size, alignment: 64) { work in
      guard let work = work.bindMemory(to: Double.self).baseAddress else { return }
      double_cholesky_solve(lower, size, &sides, columns, work)
    }
  }
}
