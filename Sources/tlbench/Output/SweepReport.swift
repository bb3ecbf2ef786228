import Analysis
import Experiments
import Records
import Reports

/// The text of a sweep's results: the matrix, or the curves of a sweep over the freeze depth.
enum SweepReport {
  /// The text, in which reasons of failed runs name options.
  ///
  /// - Parameter layout: the terminal that a table is laid out for (default: a file).
  static func text(
    _ results: SweepResults, _ format: TableFormat, layout: TextLayout = .file
  ) -> String {
    let results = results.rewordingFailures(OptionNames.applied)
    guard results.plan.depths.isEmpty else {
      return DepthReport(
        results: results, curves: DepthCurve.all(of: results), claims: DepthClaim.all(of: results)
      ).text(format, layout: layout)
    }
    return MatrixReport(results: results, rows: RowVerdict.all(of: results))
      .text(format, layout: layout)
  }

  /// The table of replicate 0 of a sweep whose other replicates have not ended, under a heading,
  /// for the terminal of standard error.
  static func firstTable(_ results: SweepResults) -> String {
    let layout = TextLayout(width: Console.width - 1, request: "--verbose")
    return "After one of \(results.plan.replicates) replicates:\n\n"
      + text(results.firstReplicate, .table, layout: layout)
  }
}
