import Records
import Reports
import Synchronization

/// The page of a sweep that is running: written with each export of its results, and reloaded by
/// the browser that shows it.
final class RunningPage: Sendable {
  private let path: String
  /// The file of the results.
  private let output: String
  private let runCount, seconds: Int
  /// Whether a page that could not be written has been announced.
  private let hasWarned = Mutex(false)

  /// - Parameters:
  ///   - runCount: the number of runs of the sweep, which are a part of the plan for a shard.
  ///   - seconds: the time between two exports, after which a browser reloads the page.
  init(_ path: String, of output: String, runCount: Int, every seconds: Double) {
    self.path = path
    self.output = output
    self.runCount = runCount
    // A page that is reloaded all the time cannot be read.
    self.seconds = min(max(5, Int(seconds)), 3_600)
  }

  /// Writes the page, if there is something to show; an error does not end the sweep.
  func write(_ results: SweepResults, announce: (String) -> Void) {
    guard results.outcomes.contains(where: { $0?.measurement != nil }) else { return }
    do {
      let page = try ReportPage(
        [ReportFile.source(output, results)],
        progress: PageProgress(
          endedCount: results.endedCount, plannedCount: runCount, seconds: seconds))
      try ReportFile.write(page, to: path)
    } catch {
      let isFirst = hasWarned.withLock { hasWarned in
        defer { hasWarned = true }
        return !hasWarned
      }
      if isFirst { announce("\(error)\nThe sweep continues; the page is written at its end.") }
    }
  }
}
