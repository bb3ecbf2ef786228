import Analysis
import Experiments
import Records
import Reports

/// The text of a sweep's results: the matrix, or the curves of a sweep over the freeze depth.
enum SweepReport {
  /// The text, in which reasons of failed runs name options.
  static func text(_ results: SweepResults, _ format: TableFormat) -> String {
    let results = results.rewordingFailures(OptionNames.applied)
    guard results.plan.depths.isEmpty else {
      return DepthReport(
        results: results, curves: DepthCurve.all(of: results), claims: DepthClaim.all(of: results)
      ).text(format)
    }
    return MatrixReport(results: results, rows: RowVerdict.all(of: results)).text(format)
  }

  /// The table of replicate 0 of a sweep whose other replicates have not ended, under a heading.
  static func firstTable(_ results: SweepResults) -> String {
    "After one of \(results.plan.replicates) replicates:\n\n"
      + text(results.firstReplicate, .table)
  }
}
