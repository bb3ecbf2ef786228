import Analysis
import Testing

@Suite struct VerdictTests {
  /// The verdict depends on the side of one point that the interval of the regret is on.
  @Test(arguments: [
    (-5.0, -2.0, Verdict.supported), (-1.0, 0.5, .supported), (0.5, 1.0, .supported),
    (1.0, 1.0, .supported), (0.5, 1.05, .undecided), (-3.0, 4.0, .undecided),
    (1.0, 1.05, .undecided), (1.05, 2.0, .refuted), (20.0, 30.0, .refuted),
  ])
  func interval(lower: Double, upper: Double, verdict: Verdict) {
    #expect(
      Verdict(regretInterval: ConfidenceInterval(lower: lower, upper: upper)) == verdict)
  }

  /// Without an interval nothing is decided.
  @Test func noInterval() {
    #expect(Verdict(regretInterval: nil) == .undecided)
  }

  /// Exactly one point stays one point although 0.99 − 0.98 is slightly more in binary.
  @Test func marginSurvivesRounding() {
    let difference = 100 * (0.99 - 0.98)
    #expect(difference > 1)
    #expect(
      Verdict(regretInterval: ConfidenceInterval(lower: difference, upper: difference))
        == .supported)
  }
}
