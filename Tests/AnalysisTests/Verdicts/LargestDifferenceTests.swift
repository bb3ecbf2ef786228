import Analysis
import Testing

@Suite struct LargestDifferenceTests {
  /// The upper end is uncorrected, the lower end corrected for two differences.
  ///
  /// 1, 2, 3 have the standard error 1 / √3; t with two degrees of freedom is 4.302653 at 2.5 % and
  /// 6.205347 at 1.25 %.
  @Test func interval() throws {
    let largest = try #require(
      LargestDifference(
        of: [PairedDifferences([-9, -8, -7]), PairedDifferences([1, 2, 3])], confidence: 0.95))
    #expect(largest.index == 1 && largest.mean == 2)
    #expect(isClose(largest.interval?.lower, 2 - 6.205347 / 3.0.squareRoot(), within: 1e-6))
    #expect(isClose(largest.interval?.upper, 2 + 4.302653 / 3.0.squareRoot(), within: 1e-6))
  }

  /// An arm with a single shared replicate could be any better: nothing is bounded from above.
  @Test func singlePair() {
    let largest = LargestDifference(
      of: [PairedDifferences(byReplicate: [nil, nil, -3]), PairedDifferences([5, 5, 5])],
      confidence: 0.95)
    #expect(largest?.interval == ConfidenceInterval(lower: 5, upper: .infinity))
  }

  /// Differences without pairs take no part; without any there is nothing.
  @Test func noPairs() {
    let none = PairedDifferences(byReplicate: [nil, nil])
    #expect(LargestDifference(of: [none, none], confidence: 0.95) == nil)
    let one = LargestDifference(of: [none, PairedDifferences([1, 1])], confidence: 0.95)
    #expect(one?.index == 1 && one?.interval == ConfidenceInterval(lower: 1, upper: 1))
  }

  /// A mean on the threshold is never decided by more of the same.
  @Test func neverDecided() {
    let largest = LargestDifference(of: [PairedDifferences([0, 1, 2])], confidence: 0.95)
    #expect(largest?.additionalPairs(toDecideAt: 1) == nil)
  }
}
