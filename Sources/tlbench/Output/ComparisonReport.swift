import Analysis
import Records
import Reports

/// The text of a comparison: its matrix and, in the format for people, what it says about the rules
/// and about more labels.
enum ComparisonReport {
  static func text(_ results: SweepResults, _ format: TableFormat) -> String {
    let table = SweepReport.text(results, format)
    guard format == .table, results.plan.depths.isEmpty,
      let matrix = try? ResultsMatrix(results)
    else { return table }
    return table + "\n" + ComparisonSummary(matrix).text()
  }
}
