/// Finds a step along a descent direction that satisfies the strong Wolfe conditions.
///
/// Nocedal and Wright, "Numerical Optimization", 2nd ed., 2006, algorithms 3.5 (bracketing) and 3.6
/// (zoom, with the cubic interpolation of equation 3.59 kept away from the ends of the bracket). If
/// values differ by less than their noise, only the slopes decide, as in the approximate Wolfe
/// conditions of Hager and Zhang (SIAM J. Optim. 16, 2005).
struct WolfeLineSearch {
  /// A point on the line, with value and derivatives of the function.
  struct Point {
    var step, value: Double
    /// Derivative along the direction.
    var slope: Double
    var parameters, gradient: [Double]

    var isFinite: Bool { value.isFinite && slope.isFinite }
  }

  /// c1: the decrease must be at least this fraction of what the initial slope predicts.
  var sufficientDecrease = 1e-4
  /// c2: the slope must shrink at least to this fraction of the initial slope.
  var curvature = 0.9
  /// Relative error of the function's values.
  var valueNoise: Double
  var maximumEvaluations = 40

  /// Finds the next point; `nil` if no step lowers the value.
  ///
  /// A point that lowers the value enough but whose slope is still steep is returned if no better
  /// one was found within the allowed evaluations.
  func next<E: Error>(
    from origin: Point, along direction: [Double], firstStep: Double,
    _ function: LBFGS.Function<E>
  ) throws(E) -> Point? {
    var start = origin
    start.step = 0
    start.slope = origin.gradient.dot(direction)
    guard start.slope < 0, start.isFinite else { return nil }
    let noise = valueNoise * start.value.magnitude
    var evaluations = 0

    func point(at step: Double) throws(E) -> Point {
      evaluations += 1
      let parameters = start.parameters.adding(step, direction)
      let (value, gradient) = try function(parameters)
      return Point(
        step: step, value: value, slope: gradient.dot(direction), parameters: parameters,
        gradient: gradient)
    }
    func isTooHigh(_ point: Point, above low: Point) -> Bool {
      let bound = start.value + sufficientDecrease * point.step * start.slope + noise
      // A NaN value counts as too high.
      return !point.isFinite || point.value > bound || point.value > low.value + noise
    }
    func isFlatEnough(_ point: Point) -> Bool {
      point.slope.magnitude <= -curvature * start.slope
    }

    var low = start
    var high: Point
    var step = firstStep
    repeat {
      let trial = try point(at: step)
      if isTooHigh(trial, above: low) {
        high = trial
        break
      }
      if isFlatEnough(trial) { return trial }
      if trial.slope >= 0 {
        (low, high) = (trial, low)
        break
      }
      // The minimum is further away.
      (low, high) = (trial, trial)
      step *= 4
    } while evaluations < maximumEvaluations

    while evaluations < maximumEvaluations, low.step != high.step {
      let trial = try point(at: interpolated(low, high, noise: noise))
      if isTooHigh(trial, above: low) {
        high = trial
        continue
      }
      if isFlatEnough(trial) { return trial }
      if trial.slope * (high.step - low.step) >= 0 { high = low }
      low = trial
    }
    // Steps too short to change the parameters do not lower the value.
    return low.parameters != start.parameters ? low : nil
  }

  /// A step between two points, at least a tenth of their distance from either.
  private func interpolated(_ low: Point, _ high: Point, noise: Double) -> Double {
    let width = high.step - low.step
    let middle = low.step + width / 2
    guard high.isFinite else { return low.step + width / 10 }
    let share: Double
    if (high.value - low.value).magnitude <= noise {
      // The secant of the slopes.
      share = low.slope / (low.slope - high.slope)
    } else {
      let d1 = low.slope + high.slope - 3 * (high.value - low.value) / width
      let d2 = (d1 * d1 - low.slope * high.slope).squareRoot() * (width < 0 ? -1 : 1)
      share = 1 - (high.slope + d2 - d1) / (high.slope - low.slope + 2 * d2)
    }
    return share.isFinite ? low.step + width * min(max(share, 0.1), 0.9) : middle
  }
}
