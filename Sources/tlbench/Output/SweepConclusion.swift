import Experiments
import Records
import Reports
import Results

/// Runs a sweep for a command: prints its results, and turns missing runs into an error that says
/// how to resume.
struct SweepConclusion {
  /// The path of the results file.
  let output: String
  /// The part of the plan that is run; `nil` for the whole plan.
  var shard: Shard?
  let format: TableFormat
  /// Whether columns are explained and costs compared with their estimates.
  let isVerbose: Bool
  let observer: TerminalObserver
  /// The time limit as the user wrote it; `nil` for none.
  var budget: String?
  /// The command that resumes the sweep; `nil` for the one that was given.
  var resumption: String?
  /// Where the report is written; `nil` for none.
  var report: String?
  /// Makes the text of the results for a terminal (default: the matrix).
  var text: (SweepResults, TableFormat, TextLayout) -> String = {
    SweepReport.text($0, $1, layout: $2)
  }
  /// Makes the command that is worth running next, from complete results; `nil` for none.
  let next: (SweepResults) -> String?

  /// Runs a sweep and prints its results.
  ///
  /// A sweep that its time limit has ended is no error once a run has ended.
  ///
  /// - Throws: `Failure` if the sweep cannot begin, was interrupted, has failed runs, or could not
  ///   be saved; of kind `failed` if no run has ended within the time limit.
  func run(_ session: SweepSession) throws {
    let outcome: SweepOutcome
    do {
      try DefaultFolder.make(for: output)
      outcome = try session.run()
    } catch is CancellationError {
      if let budget, !observer.isCancelled {
        throw Failure(
          .failed, "cannot compare the strategies", on: "within --budget \(budget)",
          because: "the time was used up before a run ended",
          remedy: "Give more time, or fewer strategies. Nothing was written to \(output).")
      }
      throw Failure(
        observer.kind, "the sweep was interrupted", because: "no run has ended",
        remedy: "Nothing was written to \(output).")
    }
    StandardOutput.write(
      text(outcome.results, format, StandardOutput.layout(isVerbose: isVerbose)))
    if let failure = outcome.journalFailure {
      if let error = outcome.outputFailure { Console.error("\(error)") }
      throw failure
    }
    if let failure = outcome.outputFailure { throw failure }
    observer.note("Results: \(output)")
    if isVerbose, let comparison = EstimateComparison.text(outcome.results) {
      observer.note(comparison)
    }
    if let report { try writeReport(outcome.results, to: report) }
    try requireComplete(outcome)
    guard !outcome.isEndedByBudget else { return noteBudget(outcome) }
    if let next = next(outcome.results) { observer.note("Next: \(next)") }
  }

  /// Checks, before inputs are read, that the results can be written.
  ///
  /// A journal beside the output means that the sweep is resumed; whether that is allowed is found
  /// out when the sweep begins.
  ///
  /// - Throws: `Failure` of kind `cannotCreate`.
  static func checkOutput(_ path: String, overwrite: Bool) throws {
    try DefaultFolder.checkOutput(
      path, overwrite: overwrite || OutputCheck.exists(ResultsJournal.path(of: path)),
      attempt: "cannot write the results")
  }

  private func writeReport(_ results: SweepResults, to path: String) throws {
    guard results.outcomes.contains(where: { $0?.measurement != nil }) else {
      return observer.note("No report: no run completed.")
    }
    try ReportFile.write(ReportPage([ReportFile.source(output, results)]), to: path)
    observer.note("Report: \(path)")
  }

  /// Says how far a sweep came that its time limit has ended, and how it goes on.
  private func noteBudget(_ outcome: SweepOutcome) {
    let ended = NumberText.count(outcome.runCount - outcome.missingCount)
    observer.note(
      "The budget of \(budget ?? "the sweep") is used up: \(ended) of "
        + "\(NumberText.count(outcome.runCount)) runs have ended. To go on for as long again: "
        + resume)
  }

  private var resume: String { resumption ?? ResumeHint.text(shard: shard) }

  private func requireComplete(_ outcome: SweepOutcome) throws(Failure) {
    let count = NumberText.count(outcome.runCount)
    guard outcome.missingCount == 0 || outcome.isEndedByBudget else {
      throw Failure(
        observer.kind, "the sweep was interrupted",
        because: "\(NumberText.count(outcome.missingCount)) of \(count) runs are missing",
        remedy: "Finished runs are saved in \(output). To resume: \(resume)")
    }
    guard outcome.failureCount == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete",
        because: "\(NumberText.count(outcome.failureCount)) of \(count) runs failed",
        remedy: "The reasons are in \(output). To repeat them: \(resume)")
    }
  }
}
