import Tensors

/// Minimizes a smooth function of many parameters, given its values and gradients.
///
/// Limited-memory BFGS: Nocedal and Wright, "Numerical Optimization", 2nd ed., 2006, algorithms 7.4
/// (two-loop recursion, with the scaling of equation 7.20) and 7.5, with the line search of
/// ``WolfeLineSearch``. Everything is in double precision. Deviations: the first trial step is 1 /
/// |gradient|, or 1 with a preconditioner; a pair whose curvature is not positive is not stored; if
/// the line search fails, the stored pairs are dropped and steepest descent is tried once. Not for
/// noisy functions such as the loss of a random batch.
package struct LBFGS: Sendable {
  /// Computes value and gradient for given parameters; a result that is not finite means that the
  /// step was too long.
  package typealias Function<E: Error> = (_ parameters: [Double]) throws(E) -> (
    value: Double, gradient: [Double]
  )

  /// Multiplies a vector in place by an approximate inverse Hessian, a fixed symmetric positive
  /// definite matrix; only the length of the first step depends on its scale.
  package typealias Preconditioner = (_ vector: inout [Double]) -> Void

  /// Number of stored steps, at least 1.
  package var memory: Int
  /// The largest magnitude of a gradient component that counts as converged.
  package var gradientTolerance: Double
  package var maximumIterations: Int
  /// Relative error of the function's values; 0 for a function computed in double precision.
  ///
  /// Near the minimum of a function computed from float32 products, differences of values become
  /// noise long before the gradient does; differences below this error count as zero.
  package var valueNoise: Double

  package init(
    memory: Int = 10, gradientTolerance: Double = 1e-6, maximumIterations: Int = 1000,
    valueNoise: Double = 0
  ) {
    self.memory = memory
    self.gradientTolerance = gradientTolerance
    self.maximumIterations = maximumIterations
    self.valueNoise = valueNoise
  }

  /// Why the iterations ended.
  package enum Ending: Sendable, Hashable {
    /// The gradient is within the tolerance.
    case converged
    case maximumIterations
    /// No step along the steepest descent lowers the value: the precision is exhausted, the
    /// gradient is wrong, or the function has no minimum.
    case noDecrease
  }

  /// The state at the end of the iterations.
  package struct Result: Sendable {
    package var parameters: [Double]
    package var value: Double
    /// Largest magnitude among the components of the gradient.
    package var gradientSize: Double
    package var iterations: Int
    /// Calls of the function.
    package var evaluations: Int
    package var ending: Ending

    package var converged: Bool { ending == .converged }
  }

  /// Minimizes a function.
  ///
  /// - Parameter preconditioner: the initial inverse Hessian, instead of a multiple of the identity
  ///   (its scale is found as in equation 7.20); it does not change the minimum.
  /// - Throws: the errors that `function` throws.
  package func minimize<E: Error>(
    from start: [Double], preconditioner: Preconditioner? = nil, _ function: Function<E>
  ) throws(E) -> Result {
    var evaluations = 0
    func counted(_ parameters: [Double]) throws(E) -> (value: Double, gradient: [Double]) {
      evaluations += 1
      return try function(parameters)
    }
    let search = WolfeLineSearch(valueNoise: valueNoise)
    let (value, gradient) = try counted(start)
    var point = WolfeLineSearch.Point(
      step: 0, value: value, slope: 0, parameters: start, gradient: gradient)
    func conditioned(_ gradient: [Double]) -> [Double] {
      guard let preconditioner else { return gradient }
      var gradient = gradient
      preconditioner(&gradient)
      return gradient
    }
    var conditionedGradient = conditioned(gradient)
    var history = StepHistory(capacity: memory)
    var iterations = 0

    func result(_ ending: Ending) -> Result {
      Result(
        parameters: point.parameters, value: point.value,
        gradientSize: point.gradient.largestMagnitude, iterations: iterations,
        evaluations: evaluations, ending: ending)
    }
    while point.gradient.largestMagnitude > gradientTolerance {
      guard iterations < maximumIterations else { return result(.maximumIterations) }
      let direction = history.descentDirection(
        for: point.gradient, conditioned: conditionedGradient)
      let firstStep =
        history.isEmpty && preconditioner == nil
        ? 1 / point.gradient.dot(point.gradient).squareRoot() : 1
      guard
        let next = try search.next(from: point, along: direction, firstStep: firstStep, counted)
      else {
        if history.isEmpty { return result(.noDecrease) }
        history = StepHistory(capacity: memory)
        continue
      }
      let nextConditioned = conditioned(next.gradient)
      history.remember(
        step: next.parameters.adding(-1, point.parameters),
        change: next.gradient.adding(-1, point.gradient),
        conditioned: nextConditioned.adding(-1, conditionedGradient))
      (point, conditionedGradient) = (next, nextConditioned)
      iterations += 1
    }
    // A NaN gradient also ends the loop, but it does not count as converged.
    return result(point.gradient.largestMagnitude <= gradientTolerance ? .converged : .noDecrease)
  }
}

/// The latest steps and the gradient changes along them, which define an approximate inverse
/// Hessian.
private struct StepHistory {
  private struct Pair {
    let step, change: [Double]
    /// The preconditioner times `change`.
    let conditioned: [Double]
    /// 1 / (step · change).
    let inverseCurvature: Double
  }

  private let capacity: Int
  private var pairs: [Pair] = []

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  var isEmpty: Bool { pairs.isEmpty }

  mutating func remember(step: [Double], change: [Double], conditioned: [Double]) {
    let curvature = step.dot(change)
    guard curvature > .ulpOfOne * change.dot(change) else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(
      Pair(
        step: step, change: change, conditioned: conditioned, inverseCurvature: 1 / curvature))
  }

  /// Minus the approximate inverse Hessian times `gradient` (algorithm 7.4).
  ///
  /// The preconditioner is linear, so its product is combined from stored products.
  ///
  /// - Parameter conditioned: the preconditioner times `gradient`.
  func descentDirection(for gradient: [Double], conditioned: [Double]) -> [Double] {
    var direction = conditioned.map { -$0 }
    guard let latest = pairs.last else { return direction }
    var rest = gradient.map { -$0 }
    var weights: [Double] = []
    for pair in pairs.reversed() {
      let weight = pair.inverseCurvature * pair.step.dot(rest)
      rest.add(-weight, pair.change)
      direction.add(-weight, pair.conditioned)
      weights.append(weight)
    }
    let scale = 1 / (latest.inverseCurvature * latest.change.dot(latest.conditioned))
    for index in direction.indices { direction[index] *= scale }
    for (pair, weight) in zip(pairs, weights.reversed()) {
      direction.add(weight - pair.inverseCurvature * pair.change.dot(direction), pair.step)
    }
    return direction
  }
}

extension [Double] {
  func dot(_ other: [Double]) -> Double { DoubleVectors.dot(self, other) }

  /// self += factor × other.
  mutating func add(_ factor: Double, _ other: [Double]) {
    DoubleVectors.add(factor, other, to: &self)
  }

  func adding(_ factor: Double, _ other: [Double]) -> [Double] {
    var sum = self
    sum.add(factor, other)
    return sum
  }

  /// The largest magnitude of the elements; NaN if an element is NaN.
  var largestMagnitude: Double {
    var largest = 0.0
    for value in self {
      // The negated comparison is also true for NaN.
      if !(value.magnitude <= largest) { largest = value.isNaN ? .nan : value.magnitude }
      if largest.isNaN { return .nan }
    }
    return largest
  }
}
