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

  /// A strategy with a single shared replicate could be better by any amount: there is no upper
  /// bound.
  @Test func singlePair() {
    let largest = LargestDifference(
      of: [PairedDifferences(byReplicate: [nil, nil, -3]), PairedDifferences([5, 5, 5])],
      confidence: 0.95)
    #expect(largest?.interval == ConfidenceInterval(lower: 5, upper: .infinity))
  }

  /// Differences without pairs are ignored; if there are no others the result is `nil`.
  @Test func noPairs() {
    let none = PairedDifferences(byReplicate: [nil, nil])
    #expect(LargestDifference(of: [none, none], confidence: 0.95) == nil)
    let one = LargestDifference(of: [none, PairedDifferences([1, 1])], confidence: 0.95)
    #expect(one?.index == 1 && one?.interval == ConfidenceInterval(lower: 1, upper: 1))
  }

  /// A mean at the threshold is never decided by more replicates of the same kind.
  @Test func neverDecided() {
    let largest = LargestDifference(of: [PairedDifferences([0, 1, 2])], confidence: 0.95)
    #expect(largest?.additionalPairs(toDecideAt: 1) == nil)
  }
}
