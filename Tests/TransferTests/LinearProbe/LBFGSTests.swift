import Foundation
import HDF5
import Testing
import Transfer

struct LBFGSTests {
  /// Rosenbrock's valley in ten dimensions leads to its minimum at (1, …, 1).
  @Test func rosenbrock() {
    let start = (0..<10).map { $0 % 2 == 0 ? -1.2 : 1.0 }
    let result = LBFGS(gradientTolerance: 1e-9).minimize(from: start) { x in
      var value = 0.0
      var gradient = [Double](repeating: 0, count: 10)
      for i in 0..<9 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
        value += 100 * a * a + b * b
        gradient[i] += -400 * a * x[i] - 2 * b
        gradient[i + 1] += 200 * a
      }
      return (value, gradient)
    }
    #expect(result.converged)
    #expect(result.parameters.allSatisfy { abs($0 - 1) < 1e-8 })
    #expect(result.iterations < 100)
  }

  /// A quadratic whose curvatures span six orders of magnitude is solved exactly.
  @Test func quadratic() {
    let curvatures = (0..<7).map { [1, 10, 100, 1e3, 1e4, 1e5, 1e6][$0] }
    let solution = [3.0, -2, 1, 0.5, -0.25, 0.125, 7]
    let result = LBFGS(gradientTolerance: 1e-10).minimize(
      from: [Double](repeating: 0, count: 7)
    ) { x in
      let offsets = zip(x, solution).map { $0 - $1 }
      return (
        zip(curvatures, offsets).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 },
        zip(curvatures, offsets).map { $0 * $1 }
      )
    }
    #expect(result.converged)
    #expect(zip(result.parameters, solution).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  /// The minimum of an ill-conditioned smooth function is the one that SciPy finds.
  @Test func agreesWithSciPy() throws {
    let group = try LogisticFixture.group("function")
    let a = try group.dataset("A").read(as: Double.self)
    let b = try group.dataset("b").read(as: Double.self)
    let minimum = try group.dataset("value").read(as: Double.self)[0]
    let place = try group.dataset("x").read(as: Double.self)
    let n = place.count
    let result = LBFGS(gradientTolerance: 1e-6).minimize(
      from: [Double](repeating: 0, count: n)
    ) { x in
      var value = 0.05 * x.reduce(0) { $0 + $1 * $1 }
      var gradient = x.map { 0.1 * $0 }
      for (row, target) in b.enumerated() {
        var r = -target
        for j in 0..<n { r += a[row * n + j] * x[j] }
        value += abs(r) + log1p(exp(-2 * abs(r))) - log(2)
        for j in 0..<n { gradient[j] += a[row * n + j] * tanh(r) }
      }
      return (value, gradient)
    }
    #expect(result.converged)
    #expect(abs(result.value - minimum) < 1e-10 * minimum)
    #expect(norm(zip(result.parameters, place).map { $0 - $1 }) < 1e-5 * norm(place))
  }

  /// A start at the minimum takes one evaluation and no iteration.
  @Test func startAtMinimum() {
    let result = LBFGS().minimize(from: [0, 0]) { x in (x[0] * x[0] + x[1] * x[1], x.map { 2 * $0 })
    }
    #expect(result.converged)
    #expect((result.iterations, result.evaluations) == (0, 1))
  }

  /// Too few iterations are reported as such.
  @Test func maximumIterations() {
    let result = LBFGS(maximumIterations: 2).minimize(from: [1, 1]) { x in
      (cosh(x[0]) + cosh(30 * x[1]), [sinh(x[0]), 30 * sinh(30 * x[1])])
    }
    #expect(result.ending == .maximumIterations)
    #expect(result.iterations == 2)
    #expect(!result.converged)
  }

  /// A gradient of the wrong sign ends the search where it began instead of climbing.
  @Test func wrongGradient() {
    let result = LBFGS().minimize(from: [1]) { x in (x[0] * x[0], [-2 * x[0]]) }
    #expect(result.ending == .noDecrease)
    #expect(result.parameters == [1])
  }

  /// A step into the region where the function is not a number is shortened.
  @Test func outsideTheDomain() {
    let result = LBFGS().minimize(from: [10]) { x in (x[0] - log(x[0]), [1 - 1 / x[0]]) }
    #expect(result.converged)
    #expect(abs(result.parameters[0] - 1) < 1e-5)
  }

  /// A gradient that is not a number is never taken for convergence.
  @Test func gradientNotANumber() {
    let result = LBFGS().minimize(from: [1]) { _ in (0, [.nan]) }
    #expect(result.ending == .noDecrease)
  }

  /// Values as coarse as float32 still lead to a gradient far below their noise.
  @Test func noisyValues() {
    let result = LBFGS(gradientTolerance: 1e-9, valueNoise: 1e-7).minimize(from: [3, -2]) { x in
      let value = 1000 + cosh(x[0]) + cosh(5 * (x[1] - 1))
      return (Double(Float(value)), [sinh(x[0]), 5 * sinh(5 * (x[1] - 1))])
    }
    #expect(result.converged)
  }

  /// The exact inverse of the second derivatives solves a quadratic in one step.
  @Test func exactPreconditioner() {
    let curvatures = [1, 1e2, 1e4, 1e6]
    let result = LBFGS(gradientTolerance: 1e-10).minimize(
      from: [1, -2, 3, -4],
      preconditioner: { x in for i in x.indices { x[i] /= curvatures[i] } }
    ) { x in
      (
        zip(curvatures, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 / 2 },
        zip(curvatures, x).map { $0 * $1 }
      )
    }
    #expect(result.converged)
    #expect((result.iterations, result.evaluations) == (1, 2))
  }

  /// A preconditioner of the wrong scale still leads to the minimum, and is applied once for the
  /// start and once for every iteration.
  @Test func preconditionerOfAnyScale() {
    var products = 0
    let result = LBFGS(gradientTolerance: 1e-8).minimize(
      from: [1, -2],
      preconditioner: { x in
        products += 1
        x = [x[0] * 1e-3, x[1] * 1e-5]
      }
    ) { x in (cosh(x[0]) + cosh(30 * x[1]), [sinh(x[0]), 30 * sinh(30 * x[1])]) }
    #expect(result.converged)
    #expect(result.parameters.allSatisfy { abs($0) < 1e-8 })
    #expect(products == result.iterations + 1)
  }

  /// What the function throws comes out.
  @Test func throwing() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try LBFGS().minimize(from: [1]) { _ in throw Stop() } }
  }
}
