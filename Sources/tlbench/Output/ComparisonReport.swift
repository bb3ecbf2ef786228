import Analysis
import Records
import Reports

/// The text of a comparison: its matrix and, in the format for people, what it says about the rules
/// and about more labels.
enum ComparisonReport {
  ///
  /// - Parameter layout: the terminal that a table is laid out for.
  static func text(
    _ results: SweepResults, _ format: TableFormat, layout: TextLayout
  ) -> String {
    let table = SweepReport.text(results, format, layout: layout)
    guard format == .table, results.plan.depths.isEmpty,
      let matrix = try? ResultsMatrix(results)
    else { return table }
    return table + "\n" + ComparisonSummary(matrix, layout: layout).text()
  }
}
