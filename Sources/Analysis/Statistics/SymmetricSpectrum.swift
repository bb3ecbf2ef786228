import RealModule

/// The eigenvalues of a symmetric matrix, and vectors in the basis of its eigenvectors.
///
/// Golub and Van Loan, "Matrix Computations", 4th ed., 2013, algorithms 8.3.1 (Householder
/// tridiagonalization) and 8.3.3 (implicit QR steps with Wilkinson's shift, here as QL).
/// Eigenvectors are not formed: reflections and rotations are applied to the vectors at once.
struct SymmetricSpectrum {
  /// The eigenvalues, in no particular order.
  private(set) var values: [Double]
  /// For each vector, its coordinates in the order of `values`.
  private(set) var coordinates: [[Double]]

  /// More steps than any eigenvalue needs.
  private static let mostSteps = 60

  /// - Parameters:
  ///   - rows: the whole matrix, row after row.
  ///   - vectors: as long as a row.
  init(_ rows: [Double], vectors: [[Double]]) {
    let count = Int(Double(rows.count).squareRoot().rounded())
    precondition(rows.count == count * count && vectors.allSatisfy { $0.count == count })
    coordinates = vectors
    values = Array(repeating: 0, count: count)
    var beside = [Double](repeating: 0, count: max(0, count - 1))
    var rows = rows
    for column in 0..<max(0, count - 2) {
      beside[column] = reflect(&rows, below: column, count: count)
    }
    for index in 0..<count { values[index] = rows[index * count + index] }
    if count > 1 { beside[count - 2] = rows[(count - 1) * count + count - 2] }
    diagonalize(&beside)
  }

  /// Reflects the trailing block so that only one value is left below the diagonal of a column,
  /// which is returned.
  private mutating func reflect(_ rows: inout [Double], below column: Int, count: Int) -> Double {
    let start = column + 1
    var axis = [Double](repeating: 0, count: count)
    for row in start..<count { axis[row] = rows[row * count + column] }
    let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let left = axis[start] > 0 ? -length : length
    axis[start] -= left
    let square = axis.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return left }
    var product = [Double](repeating: 0, count: count)
    rows.withUnsafeBufferPointer { rows in
      for row in start..<count {
        var sum = 0.0
        for other in start..<count { sum += rows[row * count + other] * axis[other] }
        product[row] = 2 * sum / square
      }
    }
    let half = zip(axis, product).reduce(0) { $0 + $1.0 * $1.1 } / square
    for row in start..<count { product[row] -= half * axis[row] }
    rows.withUnsafeMutableBufferPointer { rows in
      for row in start..<count {
        let (own, other) = (axis[row], product[row])
        for place in start..<count {
          rows[row * count + place] -= own * product[place] + other * axis[place]
        }
      }
    }
    for index in coordinates.indices {
      var sum = 0.0
      for row in start..<count { sum += axis[row] * coordinates[index][row] }
      let factor = 2 * sum / square
      for row in start..<count { coordinates[index][row] -= factor * axis[row] }
    }
    return left
  }

  /// Makes the tridiagonal matrix of `values` and the values beside them diagonal.
  private mutating func diagonalize(_ beside: inout [Double]) {
    let count = values.count
    let size = zip(values, beside + [0]).map { abs($0) + abs($1) }.max() ?? 0
    for first in 0..<count {
      for _ in 0..<Self.mostSteps {
        // The block from `first` to `last` has nothing negligible beside its diagonal.
        var last = first
        while last < count - 1, abs(beside[last]) > .ulpOfOne * size { last += 1 }
        if last == first { break }
        step(&beside, from: first, to: last)
      }
    }
  }

  /// One implicit QL step on a block.
  private mutating func step(_ beside: inout [Double], from first: Int, to last: Int) {
    let slope = (values[first + 1] - values[first]) / (2 * beside[first])
    let root = Double.hypot(slope, 1)
    var bulge =
      values[last] - values[first] + beside[first] / (slope + (slope < 0 ? -root : root))
    var (sine, cosine, shift) = (1.0, 1.0, 0.0)
    for index in (first..<last).reversed() {
      let (far, near) = (sine * beside[index], cosine * beside[index])
      let length = Double.hypot(far, bulge)
      if index + 1 < last { beside[index + 1] = length }
      guard length > 0 else {
        values[index + 1] -= shift
        return
      }
      sine = far / length
      cosine = bulge / length
      let moved = values[index + 1] - shift
      let turn = (values[index] - moved) * sine + 2 * cosine * near
      shift = sine * turn
      values[index + 1] = moved + shift
      bulge = cosine * turn - near
      for vector in coordinates.indices {
        let (low, high) = (coordinates[vector][index], coordinates[vector][index + 1])
        coordinates[vector][index] = cosine * low - sine * high
        coordinates[vector][index + 1] = sine * low + cosine * high
      }
    }
    values[first] -= shift
    beside[first] = bulge
  }
}
