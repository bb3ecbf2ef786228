import Analysis
import Testing

/// Intervals of metrics whose replicates share examples.
struct ReplicationTests {
  private let values = [1.0, 2, 3, 4]

  /// s = 1.290994, t(0.975, 3) = 3.182446: half the width is t s √(1/4 + 1/4) = 2.905164.
  @Test func splits() throws {
    let interval = try #require(
      Statistics.meanInterval(values, replication: .splits(testRatio: 0.25)))
    #expect(abs(interval.halfWidth - 2.905164) < 1e-5)
    #expect(interval.lower + interval.upper == 5)
  }

  /// Without examples in common the width is that of Student's t.
  @Test func independent() throws {
    let plain = try #require(Statistics.meanInterval(values))
    let stated = try #require(Statistics.meanInterval(values, replication: .independent))
    #expect(plain == stated)
  }

  /// Differences of splits are widened like means, also with the opposite sign.
  @Test func differences() throws {
    let differences = PairedDifferences(
      byReplicate: values, replication: .splits(testRatio: 0.25))
    let interval = try #require(differences.interval())
    #expect(abs(interval.halfWidth - 2.905164) < 1e-5)
    #expect(try #require(differences.negated.interval()).halfWidth == interval.halfWidth)
  }

  /// More splits do not make up for a small set: the error stays above s √ratio.
  @Test func moreSplitsDoNotHelp() throws {
    let differences = PairedDifferences(
      byReplicate: [0.5, 1.5, 0.5, 1.5], replication: .splits(testRatio: 4))
    let largest = try #require(LargestDifference(of: [differences], confidence: 0.95))
    #expect(largest.additionalPairs(toDecideAt: 0) == nil)
  }
}
