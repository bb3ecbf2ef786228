import ArgumentParser
import Records
import Results

/// Where a command writes the report on what it measured.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Also write the results as an HTML page.", valueName: "path"),
    completion: .file(extensions: ["html"]))
  var report: String?

  /// Checks that the report can be written, before any work is done.
  ///
  /// - Parameter output: the results, if the command resumes them: the page of an interrupted sweep
  ///   is then replaced.
  func require(overwrite: Bool, resuming output: String? = nil) throws {
    guard let report else { return }
    let isResumed = output.map { OutputCheck.exists(ResultsJournal.path(of: $0)) } ?? false
    try ReportFile.require(
      report, overwrite: overwrite || isResumed, alternative: "another `report`")
  }

  /// Refuses to overwrite if there is no report.
  func requireReport(for overwrite: Bool) throws {
    guard !overwrite || report != nil else {
      throw OptionValues.refused(
        "--overwrite", "no report is written", "Give it with --report.")
    }
  }
}
