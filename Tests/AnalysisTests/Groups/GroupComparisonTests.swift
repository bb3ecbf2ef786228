import Analysis
import Records
import Testing

/// Two strategies over the tasks of a table.
struct GroupComparisonTests {
  private static let groups = ["a": "nature", "b": "nature", "c": "things"]

  /// An imported table of three tasks at one size: accuracies in percent per replicate of linear
  /// probe and from scratch.
  private func matrix(_ rows: [(String, [Double?], [Double?])], size: Int = 100) throws
    -> ResultsMatrix
  {
    let arms = [Arm.linearProbe, .fromScratch]
    let plan = SweepPlan(
      architecture: SweepPlan.importedArchitecture, similarities: rows.map { .task($0.0) },
      trainSizes: [size], arms: arms, replicates: rows.map(\.1.count).max() ?? 0,
      weightsDigest: "t")
    let cells = rows.flatMap { task, first, second in
      zip(arms, [first, second]).flatMap { arm, values in
        values.enumerated().compactMap { replicate, percent in
          percent.map {
            SampleSweep.result(
              RunKey(
                similarity: .task(task), trainSize: size, arm: arm, replicate: replicate), $0)
          }
        }
      }
    }
    let provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "", jobs: 0,
      wallSeconds: 0, taskDigests: [:])
    return try ResultsMatrix(SweepResults(plan: plan, provenance: provenance, cells: cells))
  }

  private func comparison(
    _ rows: [(String, [Double?], [Double?])], groups: [String: String] = groups
  ) throws -> GroupComparison {
    GroupComparison(.linearProbe, minus: .fromScratch, in: try matrix(rows), groups: groups)
  }

  /// Differences 10 and 4 have the mean 7 and the interval 7 ± 12.7062 · 3; a single task has no
  /// interval; all tasks come last.
  @Test func byHand() throws {
    let rows: [(String, [Double?], [Double?])] = [
      ("a", [80], [70]), ("b", [60], [56]), ("c", [50], [45]),
    ]
    let differences = try comparison(rows).differences
    #expect(differences.map(\.group) == ["nature", "things", nil])
    #expect(differences.map(\.taskCount) == [2, 1, 3])
    #expect(differences.map(\.trainSize) == [100, 100, 100])
    #expect(isClose(differences[0].points, 7))
    #expect(isClose(differences[0].firstAccuracy, 0.7))
    #expect(isClose(differences[0].secondAccuracy, 0.63))
    let interval = try #require(differences[0].interval)
    #expect(isClose(interval.lower, -31.118614208524086, within: 1e-9))
    #expect(isClose(interval.upper, 45.118614208524086, within: 1e-9))
    #expect(isClose(differences[1].points, 5) && differences[1].interval == nil)
    let all = try #require(differences[2].interval)
    #expect(isClose(all.lower, -1.652052178110793, within: 1e-9))
    #expect(isClose(all.upper, 14.31871884477746, within: 1e-9))
  }

  /// Replicates are averaged within a task, over those that both strategies have.
  @Test func replicates() throws {
    let differences = try comparison([
      ("a", [80, 82, 10], [70, 70, nil]), ("b", [60, nil, nil], [56, 56, 56]),
    ]).differences
    #expect(differences.count == 1)
    #expect(isClose(differences[0].points, 7.5))
    #expect(differences[0].taskCount == 2)
  }

  /// Tasks that lack a strategy do not count, and a group without tasks has no line.
  @Test func missing() throws {
    let differences = try comparison([
      ("a", [80], [70]), ("b", [60], [nil]), ("c", [nil], [45]),
    ]).differences
    #expect(differences.map(\.group) == ["nature", nil])
    #expect(differences.map(\.taskCount) == [1, 1])
  }

  /// Without groups, all tasks are compared together.
  @Test func withoutGroups() throws {
    let comparison = try comparison([("a", [80], [70]), ("b", [60], [56])], groups: [:])
    #expect(!comparison.hasGroups)
    #expect(comparison.differences.map(\.group) == [nil])
    #expect(comparison.differences.map(\.taskCount) == [2])
  }

  /// An interval does not exceed the largest possible difference.
  @Test func clipped() throws {
    let differences = try comparison([("a", [100], [0]), ("b", [60], [50])]).differences
    #expect(differences[0].interval == ConfidenceInterval(lower: -100, upper: 100))
  }
}
