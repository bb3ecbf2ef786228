import Records
import Reports
import Testing

/// Reports on a plan whose limits keep cells out.
struct PlanLimitTests {
  private func report(_ limits: PlanLimit...) -> MatrixReport {
    SampleResults.report(replicates: 4, limits: limits)
  }

  /// A row without planned cells is no row.
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
    #expect(text.contains("1 to 4 replicates per cell"))
    #expect(text.contains("In rows of one, one replicate gives no interval"))
  }
}
