import RealModule
import Synchronization

/// Student's t distribution.
package enum StudentT {
  /// The quantile of the distribution at a probability.
  ///
  /// Found by bisection of the tail probability down to adjacent floating-point numbers.
  ///
  /// - Parameters:
  ///   - probability: Strictly between 0 and 1.
  ///   - degreesOfFreedom: Greater than 0, not necessarily an integer.
  package static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    // A contract with callers, which pass constants and checked counts.
    precondition(probability > 0 && probability < 1 && degreesOfFreedom > 0)
    let key = Key(probability: probability, degreesOfFreedom: degreesOfFreedom)
    if let value = known.withLock({ $0[key] }) { return value }
    let value = searchedQuantile(probability, degreesOfFreedom)
    known.withLock { known in
      if known.count < largestCount { known[key] = value }
    }
    return value
  }

  private struct Key: Hashable {
    let probability, degreesOfFreedom: Double
  }

  /// Quantiles that were searched before: verdicts ask for few different ones, many times.
  private static let known = Mutex<[Key: Double]>([:])
  /// The most quantiles that are kept.
  private static let largestCount = 10_000

  private static func searchedQuantile(
    _ probability: Double, _ degreesOfFreedom: Double
  ) -> Double {
    let tail = min(probability, 1 - probability)
    if tail == 0.5 { return 0 }
    var low = 0.0
    var high = 1.0
    while upperTail(high, degreesOfFreedom) > tail {
      low = high
      high *= 2
    }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if upperTail(middle, degreesOfFreedom) > tail { low = middle } else { high = middle }
    }
    return probability < 0.5 ? -high : high
  }

  /// The probability of a value of at most `t`.
  package static func cumulative(_ t: Double, degreesOfFreedom: Double) -> Double {
    precondition(degreesOfFreedom > 0)
    let tail = upperTail(t.magnitude, degreesOfFreedom)
    return t > 0 ? 1 - tail : tail
  }

  /// P(T > t) for t ≥ 0: half of the regularized incomplete beta function at ν / (ν + t²) with
  /// parameters ν/2 and 1/2 (Abramowitz and Stegun, 26.7.1 and 26.5.27).
  private static func upperTail(_ t: Double, _ nu: Double) -> Double {
    let sum = nu + t * t
    // t² overflows: the tail is not distinguishable from zero.
    guard sum.isFinite else { return 0 }
    return regularizedBeta(x: nu / sum, complement: t * t / sum, a: nu / 2, b: 0.5) / 2
  }

  /// The regularized incomplete beta function I_x(a, b); `complement` is 1 − x, passed separately
  /// because subtraction would lose its digits near x = 1.
  private static func regularizedBeta(
    x: Double, complement: Double, a: Double, b: Double
  ) -> Double {
    guard x > 0 else { return 0 }
    guard complement > 0 else { return 1 }
    let logFactor =
      Double.logGamma(a + b) - Double.logGamma(a) - Double.logGamma(b)
      + a * Double.log(x) + b * Double.log(complement)
    let factor = Double.exp(logFactor)
    // The fraction converges fast below the mean of the beta distribution; above it, the mirror
    // image does.
    if x < (a + 1) / (a + b + 2) {
      return factor * betaFraction(x: x, a: a, b: b) / a
    }
    return 1 - factor * betaFraction(x: complement, a: b, b: a) / b
  }

  /// The continued fraction of the incomplete beta function (Abramowitz and Stegun, 26.5.8),
  /// evaluated forward by Lentz's method as modified by Thompson and Barnett (1986).
  private static func betaFraction(x: Double, a: Double, b: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var fraction = d
    // The number of steps grows with √a; this bound suffices for millions of degrees of freedom.
    for step in 1...20_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      fraction *= d * c
      if (d * c - 1).magnitude < 1e-16 { break }
    }
    return fraction
  }
}
