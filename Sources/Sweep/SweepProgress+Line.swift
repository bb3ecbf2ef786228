import Foundation
import Records

extension SweepProgress {
  /// One line of text for a log or a terminal.
  ///
  /// An example, without the line break: `[ 12/108] running 2, 1 failed, elapsed 0:41, ETA 1:12 |
  /// high n=100 fine-tuning r0: 81.3 % in 2.1 s`.
  ///
  /// - Parameters:
  ///   - now: Seconds since the sweep started (default: those of the last event). Pass the current
  ///     time for a line that changes between events.
  ///   - running: The number of runs in progress (default: those after the last event). A worker
  ///     starts its next run after the event of the last one.
  package func line(at now: Double? = nil, running: Int? = nil) -> String {
    let counts = "\(counter) running \(running ?? runningCount), \(totals(at: now))"
    return latest.map { "\(counts) | \($0.summary)" } ?? counts
  }

  /// How many of the runs have ended, such as `[ 12/108]`.
  package var counter: String {
    let done = String(doneCount)
    let padding = String(repeating: " ", count: max(0, String(total).count - done.count))
    return "[\(padding)\(done)/\(total)]"
  }

  private func totals(at now: Double?) -> String {
    let now = max(now ?? elapsed, elapsed)
    var parts: [String] = []
    if failedCount > 0 { parts.append("\(failedCount) failed") }
    parts.append("elapsed \(clockTime(now))")
    if doneCount < total {
      let about = isEstimated ? "about " : ""
      parts.append("ETA \(remainingSeconds(at: now).map { about + clockTime($0) } ?? "-:--")")
    }
    return parts.joined(separator: ", ")
  }

  /// The lines that a terminal shows while the sweep runs: one per worker, and the totals below.
  ///
  /// - Parameters:
  ///   - now: Seconds since the sweep started.
  ///   - width: The maximum number of characters per line.
  ///   - note: What else is going on, for the end of the last line (default: nothing).
  package func liveLines(at now: Double, width: Int, note: String = "") -> [String] {
    let rows = workers.enumerated().map { index, run in
      guard let run else { return "  \(index + 1)  idle" }
      let spent = clockTime(now - run.start)
      let expected = expectedSeconds(ofCost: run.cost).map { " of about \(clockTime($0))" } ?? ""
      return "  \(index + 1)  \(run.key)  \(spent)\(expected)"
    }
    let totals = totals(at: now) + (note.isEmpty ? "" : ", \(note)")
    let share = total > 0 ? Double(doneCount) / Double(total) : 0
    let bar = ProgressBar.text(share, columns: min(24, width - counter.count - totals.count - 2))
    let last = [counter, bar, totals].filter { !$0.isEmpty }.joined(separator: " ")
    return (rows + [last]).map { $0.shortened(to: width) }
  }
}

extension String {
  /// The text, truncated with `…` if it has more characters than `width`.
  fileprivate func shortened(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + (width > 0 ? "…" : "")
  }
}

extension SweepEvent {
  /// A description of the event on one line.
  package var summary: String {
    switch self {
    case .started(let key): "\(key) started"
    case .abandoned(let key): "\(key) stopped"
    case .finished(let result):
      switch result.outcome {
      case .completed(let measurement):
        "\(result.key): \(String(format: "%.1f", measurement.accuracy * 100)) % in "
          + "\(String(format: "%.1f", measurement.wallSeconds)) s"
      case .failed(let reason):
        // The first line of a reason is the error, further lines are the remedy.
        "\(result.key) failed: \(reason.split(whereSeparator: \.isNewline).first ?? "")"
      }
    }
  }
}
