import Experiments
import Records
import Sweep

/// Shows a sweep on standard error, and ends it when a signal requests that.
struct TerminalObserver: SweepObserver {
  private let printer: ProgressPrinter
  private let interruption: Interruption

  init(_ style: ProgressPrinter.Style) {
    let printer = ProgressPrinter(style)
    self.printer = printer
    interruption = Interruption(announce: printer.note)
  }

  func note(_ message: String) { printer.note(message) }

  func observe(_ event: SweepEvent, _ progress: SweepProgress) { printer.show(event, progress) }

  func runsEnded() { printer.finish() }

  var isCancelled: Bool { interruption.isRequested }

  /// The kind of the error with which an interrupted sweep ends.
  var kind: Failure.Kind { interruption.kind }
}
