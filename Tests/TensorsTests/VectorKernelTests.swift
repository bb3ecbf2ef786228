import Tensors
import Testing

/// The element-wise updates against their formulas in double precision, with counts around the
/// width of the vectors that the kernels are written on.
struct VectorKernelTests {
  private static let counts = [1, 2, 15, 16, 17, 31, 32, 33, 100, 1000]

  /// Two Adam steps with decay follow the papers' formulas.
  @Test(arguments: counts)
  func adam(count: Int) throws {
    let (rate, beta1, beta2, epsilon, decay) = (0.01, 0.9, 0.999, 1e-7, 0.003)
    let start = normalNumbers(count, seed: 1)
    let weights = try vector(start)
    let (first, second) = (try weights.alike(), try weights.alike())
    var w = start.map(Double.init)
    var (m, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for step in 1...2 {
      let gradient = normalNumbers(count, seed: UInt64(1 + step))
      let (c1, c2) = step == 1 ? (0.1, 0.001) : (1 - 0.81, 1 - 0.998001)
      VectorKernels.adam(
        weights, gradient: try vector(gradient), first: first, second: second,
        VectorKernels.AdamStep(
          rate: Float(rate), beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
          correction1: Float(c1), correction2: Float(c2), decay: Float(decay)))
      for i in 0..<count {
        let g = Double(gradient[i])
        m[i] = beta1 * m[i] + (1 - beta1) * g
        v[i] = beta2 * v[i] + (1 - beta2) * g * g
        w[i] -= rate * (m[i] / c1) / ((v[i] / c2).squareRoot() + epsilon) + decay * w[i]
      }
    }
    #expect(agree(weights.contents, w, to: 1e-5))
    #expect(agree(first.contents, m))
    // 1 - beta2 loses digits in single precision: 0.001 has a relative error of 5e-5.
    #expect(agree(second.contents, v, to: 1e-4))
  }

  /// A zero gradient with zero moments changes no weight, so that a layout's padding stays zero.
  @Test func adamOnPadding() throws {
    let weights = try vector([Float](repeating: 0, count: 20))
    let zeros = try weights.alike()
    VectorKernels.adam(
      weights, gradient: zeros, first: try weights.alike(), second: try weights.alike(),
      VectorKernels.AdamStep(
        rate: 1, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, correction1: 0.1, correction2: 0.001,
        decay: 0.1))
    #expect(weights.contents == [Float](repeating: 0, count: 20))
  }

  /// Two steps of gradient descent with momentum and decay follow the formula.
  @Test(arguments: counts)
  func momentum(count: Int) throws {
    let (rate, momentum, decay) = (0.1, 0.9, 0.01)
    let start = normalNumbers(count, seed: 4)
    let weights = try vector(start)
    let velocity = try weights.alike()
    var w = start.map(Double.init)
    var v = [Double](repeating: 0, count: count)
    for step in 1...2 {
      let gradient = normalNumbers(count, seed: UInt64(4 + step))
      VectorKernels.momentum(
        weights, gradient: try vector(gradient), velocity: velocity, rate: Float(rate),
        momentum: Float(momentum), decay: Float(decay))
      for i in 0..<count {
        v[i] = momentum * v[i] - rate * Double(gradient[i])
        w[i] += v[i] - decay * w[i]
      }
    }
    #expect(agree(weights.contents, w))
    #expect(agree(velocity.contents, v))
  }

  /// A moving average keeps its share of the old value.
  @Test(arguments: counts)
  func movingAverage(count: Int) throws {
    let (old, new) = (normalNumbers(count, seed: 7), normalNumbers(count, seed: 8))
    let values = try vector(old)
    VectorKernels.movingAverage(values, update: try vector(new), keeping: 0.75)
    #expect(agree(values.contents, zip(old, new).map { 0.75 * Double($0) + 0.25 * Double($1) }))
  }

  /// A product is the product of each pair, rounded once.
  @Test(arguments: counts)
  func products(count: Int) throws {
    let (left, right) = (normalNumbers(count, seed: 9), normalNumbers(count, seed: 10))
    let result = try TensorBuffer.vector(count: count)
    VectorKernels.multiply(try vector(left), by: try vector(right), to: result)
    #expect(result.contents == zip(left, right).map(*))
  }
}
