import RealModule

/// The exact interval of a fraction, from the number of successes in independent trials (Clopper
/// and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial",
/// Biometrika 26, 1934).
package enum BinomialInterval {
  /// The interval, which contains the true fraction with at least the given confidence.
  ///
  /// Each end is the fraction at which the tail of the binomial distribution is (1 − confidence) /
  /// 2, found by bisection; 0 without successes, and 1 if all trials succeed.
  ///
  /// - Parameters:
  ///   - successes: 0...trials.
  ///   - trials: at least 1.
  package static func interval(
    successes: Int, trials: Int, confidence: Double = 0.95
  ) -> ConfidenceInterval {
    precondition(trials >= 1 && (0...trials).contains(successes))
    let tail = (1 - confidence) / 2
    let lower =
      successes == 0
      ? 0 : end { 1 - atMost(successes - 1, trials: trials, fraction: $0) < tail }
    let upper =
      successes == trials
      ? 1 : end { atMost(successes, trials: trials, fraction: $0) > tail }
    return ConfidenceInterval(lower: lower, upper: upper)
  }

  /// The fraction up to which a condition holds.
  private static func end(_ holds: (Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The probability of at most so many successes; `fraction` is between 0 and 1.
  private static func atMost(_ successes: Int, trials: Int, fraction: Double) -> Double {
    let n = Double(trials)
    let (success, failure) = (Double.log(fraction), Double.log(onePlus: -fraction))
    let sum = (0...successes).reduce(0.0) { sum, k in
      let count = Double(k)
      let choose =
        Double.logGamma(n + 1) - Double.logGamma(count + 1) - Double.logGamma(n - count + 1)
      return sum + Double.exp(choose + count * success + (n - count) * failure)
    }
    return min(1, sum)
  }
}
