import Experiments
import Records
import Sweep

/// Shows a sweep on standard error, and ends it when a signal requests that.
struct TerminalObserver: SweepObserver {
  private let printer: ProgressPrinter
  private let interruption: Interruption
  /// Makes the table that is shown once one of several replicates is complete; `nil` for none.
  private let firstTable: (@Sendable (SweepResults) -> String)?
  /// The page that shows the sweep while it runs; `nil` for none.
  private let page: RunningPage?

  /// - Parameters:
  ///   - style: how the sweep is shown.
  ///   - seconds: the shortest time between two lines where there is no terminal.
  ///   - jobs: the number of workers, for which there has to be memory before signals are awaited.
  ///   - firstTable: makes the table that a terminal shows once one of several replicates is
  ///     complete, from all results so far (default: no such table).
  ///   - page: the page that shows the sweep while it runs (default: none).
  init(
    _ style: ProgressPrinter.Style, every seconds: Double, jobs: Int,
    firstTable: (@Sendable (SweepResults) -> String)? = nil, page: RunningPage? = nil
  ) throws {
    try SweepSession.requireThreads(jobs: jobs)
    let printer = ProgressPrinter(style, every: seconds)
    self.printer = printer
    self.page = page
    self.firstTable = style == .live ? firstTable : nil
    interruption = Interruption(announce: printer.note)
  }

  func note(_ message: String) { printer.note(message) }

  func observe(_ event: SweepEvent, _ progress: SweepProgress) { printer.show(event, progress) }

  func observeFeatures(_ count: Int, of total: Int) { printer.showFeatures(count, of: total) }

  func firstReplicateEnded(_ results: () throws -> SweepResults) {
    // The table is a preview: if the journal cannot be read, the end of the sweep reports it.
    guard let firstTable, let results = try? results() else { return }
    printer.show(table: firstTable(results))
  }

  func exported(_ results: SweepResults) { page?.write(results, announce: printer.note) }

  func runsEnded() { printer.finish() }

  var isCancelled: Bool { interruption.isRequested }

  /// The kind of the error with which an interrupted sweep ends.
  var kind: Failure.Kind { interruption.kind }
}
