import Analysis
import Testing

@Suite struct StatisticsTests {
  /// Means and their 95 % intervals agree with SciPy.
  @Test func intervalsAgreeWithSciPy() throws {
    let references = try Reference.load().means
    #expect(references.count == 4)
    for reference in references {
      let mean = try #require(Statistics.mean(reference.values))
      let interval = try #require(Statistics.meanInterval(reference.values))
      #expect((mean - reference.mean).magnitude < 1e-12)
      #expect((interval.lower - reference.interval[0]).magnitude < 1e-9)
      #expect((interval.upper - reference.interval[1]).magnitude < 1e-9)
    }
  }

  /// The half width for 1, 2, 3 is t(0.975, 2) · 1 / √3 = 4.302653 / 1.732051 = 2.484138.
  @Test func halfWidthByHand() throws {
    let interval = try #require(Statistics.meanInterval([1, 2, 3]))
    #expect((interval.halfWidth - 2.484138).magnitude < 1e-6)
  }

  /// Equal values give an interval of width zero.
  @Test func equalValues() {
    #expect(
      Statistics.meanInterval([0.5, 0.5, 0.5]) == ConfidenceInterval(lower: 0.5, upper: 0.5))
  }

  /// No values have no mean.
  @Test func meanOfNothing() {
    #expect(Statistics.mean([]) == nil)
  }

  /// Fewer than two values have no interval.
  @Test(arguments: [[], [0.7]])
  func intervalOfTooFew(values: [Double]) {
    #expect(Statistics.meanInterval(values) == nil)
  }
}
