import Analysis
import Foundation
import Testing

/// Clustered means computed by NumPy and SciPy.
private struct ClusterFixture: Decodable {
  let cells: [[Double?]]
  /// Test examples per training example if the replicates are splits of one set.
  let splitRatio: Double?
  let mean: Double
  let interval: [Double]

  var replication: Replication { splitRatio.map { .splits(testRatio: $0) } ?? .independent }

  static func load() throws -> [ClusterFixture] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/clusters.json")
    return try JSONDecoder().decode([ClusterFixture].self, from: Data(contentsOf: file))
  }
}

@Suite struct ClusteredMeanTests {
  /// A single place has the t interval of its values.
  @Test func oneCell() {
    let values = [1.0, 2, 3, 7]
    let mean = ClusteredMean([[values]])
    let expected = Statistics.meanInterval(values)
    #expect(isClose(mean?.interval?.lower, expected?.lower ?? 0))
    #expect(isClose(mean?.interval?.upper, expected?.upper ?? 0))
  }

  /// The interval of two equal places of one stratum is as wide as that of one; opposite deviations
  /// cancel.
  @Test func clustersHangTogether() {
    let together = ClusteredMean([[[1, 2, 3], [1, 2, 3]]])
    #expect(isClose(together?.interval?.halfWidth, 2.484138, within: 1e-6))
    let against = ClusteredMean([[[1, 2, 3], [3, 2, 1]]])
    #expect(against?.interval == ConfidenceInterval(lower: 2, upper: 2))
  }

  /// Every place has the same weight, however many replicates it has.
  @Test func weights() {
    #expect(ClusteredMean([[[4, 4, 4, 4], [1, nil, 1, nil]], [[1, 1]]])?.mean == 2)
  }

  /// A place with one replicate leaves the mean without an interval; without values there is no
  /// mean.
  @Test func absent() {
    #expect(ClusteredMean([[[1, 2]], [[5, nil]]])?.interval == nil)
    #expect(ClusteredMean([[[nil]], []]) == nil)
  }

  /// Replicates that all similarities share are one cluster over all of them: the interval covers
  /// the truth in 93 to 97 % of 2,000 matrices, unlike an interval that treats similarities as
  /// independent.
  @Test func sharedReplicates() {
    var generator = SplitMix64(seed: 9)
    var covered = (shared: 0, independent: 0)
    for _ in 0..<2_000 {
      let rules = (0..<10).map { _ in generator.normal() }
      let strata = (0..<5).map { _ -> [[Double?]] in
        let tasks = rules.map { $0 + 0.5 * generator.normal() }
        return [10, 10, 5].map { count in
          tasks.prefix(count).map { $0 + 0.3 * generator.normal() }
        }
      }
      func holds(_ strata: [[[Double?]]]) -> Bool {
        guard let interval = ClusteredMean(strata)?.interval else { return false }
        return interval.lower <= 0 && 0 <= interval.upper
      }
      covered.shared += holds([strata.flatMap { $0 }]) ? 1 : 0
      covered.independent += holds(strata) ? 1 : 0
    }
    #expect((1_860...1_940).contains(covered.shared), "\(covered)")
    #expect(covered.independent < 1_700, "\(covered)")
  }

  /// Places with ten and with five replicates: the variance of a sum of independent parts, with
  /// Satterthwaite's degrees of freedom, as computed by SciPy (Fixtures/clusters.py).
  @Test func unequalReplicates() throws {
    for fixture in try ClusterFixture.load() {
      let mean = try #require(
        ClusteredMean([fixture.cells], replication: fixture.replication))
      #expect(abs(mean.mean - fixture.mean) < 1e-12)
      #expect(abs((mean.interval?.lower ?? 0) - fixture.interval[0]) < 1e-9)
      #expect(abs((mean.interval?.upper ?? 0) - fixture.interval[1]) < 1e-9)
    }
  }

  /// The 95 % interval covers the truth in 93 to 97 % of 1,000 matrices of three similarities with
  /// sizes of ten and of five replicates that share their tasks.
  @Test func coverage() {
    var generator = SplitMix64(seed: 4)
    func normal() -> Double { generator.normal() }
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
