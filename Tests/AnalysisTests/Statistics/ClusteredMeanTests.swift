import Analysis
import Testing

@Suite struct ClusteredMeanTests {
  /// A single cell has the t interval of its values.
  @Test func oneCell() {
    let values = [1.0, 2, 3, 7]
    let mean = ClusteredMean([[values]])
    let expected = Statistics.meanInterval(values)
    #expect(isClose(mean?.interval?.lower, expected?.lower ?? 0))
    #expect(isClose(mean?.interval?.upper, expected?.upper ?? 0))
  }

  /// Two cells of one stratum that go together replicate by replicate are as wide as one; those
  /// that go against each other cancel.
  @Test func clustersHangTogether() {
    let together = ClusteredMean([[[1, 2, 3], [1, 2, 3]]])
    #expect(isClose(together?.interval?.halfWidth, 2.484138, within: 1e-6))
    let against = ClusteredMean([[[1, 2, 3], [3, 2, 1]]])
    #expect(against?.interval == ConfidenceInterval(lower: 2, upper: 2))
  }

  /// Every cell weighs the same, however many replicates it has.
  @Test func weights() {
    #expect(ClusteredMean([[[4, 4, 4, 4], [1, nil, 1, nil]], [[1, 1]]])?.mean == 2)
  }

  /// A cell with one replicate leaves the mean without an interval; nothing has neither.
  @Test func absent() {
    #expect(ClusteredMean([[[1, 2]], [[5, nil]]])?.interval == nil)
    #expect(ClusteredMean([[[nil]], []]) == nil)
  }

  /// The 95 % interval covers the truth in 93 to 97 % of 1,000 matrices of three similarities with
  /// sizes of ten and of five replicates that share their tasks.
  @Test func coverage() {
    var generator = SplitMix64(seed: 4)
    func normal() -> Double {
      let uniform = (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992
      return Normal.quantile(uniform)
    }
    let covered = (0..<1_000).count { _ in
      let strata = (0..<3).map { stratum -> [[Double?]] in
        let tasks = (0..<10).map { _ in normal() }
        return [10, 10, 5].map { count in
          tasks.prefix(count).map { Double(stratum) + $0 + 0.5 * normal() }
        }
      }
      guard let interval = ClusteredMean(strata)?.interval else { return false }
      return interval.lower <= 1 && 1 <= interval.upper
    }
    #expect((930...970).contains(covered), "\(covered)")
  }
}
