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
  /// - Parameters:
  ///   - files: other files of the command, which the report must not replace.
  ///   - output: the results, if the command resumes them: the page of an interrupted sweep is then
  ///     replaced.
  func require(
    besides files: [String?], overwrite: Bool, resuming output: String? = nil
  ) throws {
    guard let report else { return }
    let own = output.map { [$0, ResultsJournal.path(of: $0)] } ?? []
    let isResumed = output.map { OutputCheck.exists(ResultsJournal.path(of: $0)) } ?? false
    try ReportFile.require(
      report, of: "--report", besides: own + files.compactMap { $0 },
      overwrite: overwrite || isResumed, alternative: "another `report`")
  }

  /// The page that shows a sweep while it runs.
  ///
  /// - Parameters:
  ///   - output: the results.
  ///   - runCount: the number of runs of the sweep.
  ///   - seconds: the time between two exports of them; 0 for none.
  func page(of output: String, runCount: Int, every seconds: Double) -> RunningPage? {
    seconds > 0
      ? report.map { RunningPage($0, of: output, runCount: runCount, every: seconds) } : nil
  }

  /// Refuses to overwrite if there is no report.
  func requireReport(for overwrite: Bool) throws {
    guard !overwrite || report != nil else {
      throw OptionValues.refused(
        "--overwrite", "no report is written", "Give it with --report.")
    }
  }
}
