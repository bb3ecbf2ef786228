import Tensors
import Testing

/// Linear algebra in double precision.
struct DoubleVectorTests {
  /// The dot product of whole numbers is exact for every length.
  @Test(arguments: [0, 1, 7, 8, 9, 31, 32, 33, 100])
  func dot(count: Int) {
    let a = (0..<count).map(Double.init)
    let sum = (0..<count).reduce(0) { $0 + $1 * $1 }
    #expect(DoubleVectors.dot(a, a) == Double(sum))
  }

  /// A multiple of another vector is added to every element.
  @Test func add() {
    var a = (0..<19).map(Double.init)
    DoubleVectors.add(-0.5, a.map { 2 * $0 + 4 }, to: &a)
    #expect(a == [Double](repeating: -2, count: 19))
  }

  /// Columns are added up, or the squares of what they are off a mean.
  @Test func columns() {
    let rows: [Float] = [1, 10, 3, 30]
    var (sums, squares) = ([0.0, 0], [0.0, 0])
    DoubleVectors.addColumns(of: rows, to: &sums)
    DoubleVectors.addColumns(of: rows, off: [2, 20], to: &squares)
    #expect(sums == [4, 40])
    #expect(squares == [2, 200])
  }

  /// Solutions by a Cholesky factor satisfy the equations, for any number of right-hand sides, and
  /// what follows them is left alone.
  @Test(arguments: [(1, 1), (2, 3), (9, 16), (40, 17), (65, 33)])
  func choleskySolutions(size: Int, columns: Int) throws {
    let a = normalNumbers(size * size, seed: 5).map(Double.init)
    var matrix = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size {
        var sum: Double = i == j ? 1 : 0
        for k in 0..<size { sum += a[i * size + k] * a[j * size + k] }
        matrix[i * size + j] = sum
      }
    }
    let sides = normalNumbers(size * columns, seed: 6).map(Double.init)
    var solutions = sides + [42]
    try #require(CholeskyFactor(matrix, size: size)).solve(&solutions, columns: columns)
    #expect(solutions.last == 42)
    for i in 0..<size {
      for k in 0..<columns {
        var side = 0.0
        for j in 0..<size { side += matrix[i * size + j] * solutions[j * columns + k] }
        #expect(abs(side - sides[i * columns + k]) < 1e-9)
      }
    }
  }

  /// A matrix that is not positive definite has no factor.
  @Test(arguments: [[1, 2, 2, 1], [0, 0, 0, 1], [.nan, 0, 0, 1]] as [[Double]])
  func notPositiveDefinite(matrix: [Double]) {
    #expect(CholeskyFactor(matrix, size: 2) == nil)
  }
}
