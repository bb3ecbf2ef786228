import Records
import Reports
import Testing

/// Reports on a plan whose limits exclude runs.
struct PlanLimitTests {
  private func report(_ limits: PlanLimit...) -> MatrixReport {
    SampleResults.report(replicates: 4, limits: limits)
  }

  /// A row without planned runs is left out.
  @Test func noRow() {
    let lines = report(PlanLimit(aboveTrainSize: 1_000, similarities: [.high])).text(.csv)
      .split(separator: "\n")
    #expect(lines.count == 1 + 5 * 4 * 4)
    #expect(!lines.contains { $0.hasPrefix("low,0.0,20000") })
  }

  /// A row with fewer planned replicates is complete with them.
  @Test func completeRow() {
    let text = report(PlanLimit(aboveTrainSize: 1_000, replicates: 1)).text(.table)
    #expect(!text.contains("1/4"))
    #expect(text.contains("architecture medium, 1 to 4 replicates\n"))
    #expect(text.contains("Rows with one replicate have no interval"))
  }
}
