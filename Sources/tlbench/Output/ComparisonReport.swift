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
    // Folds together tell more than the mean over folds does.
    let folds = FoldSummary(results, layout: layout).text()
    let summary = ComparisonSummary(matrix, recommends: folds.isEmpty, layout: layout).text()
    return ([table, summary] + (folds.isEmpty ? [] : [folds])).joined(separator: "\n")
  }
}
