import Foundation
import Records

extension SweepProgress {
  /// One line of text for a log or a terminal, such as
  /// `[ 12/108] running 2, 1 failed, elapsed 0:41, ETA 1:12 | high n=100 fine-tuning r0: 81.3 % in
  /// 2.1 s` (unbroken).
  ///
  /// - Parameter now: Seconds since the sweep started; those of the last event when `nil`. A live
  ///   line passes the present, so that it moves between events.
  package func line(at now: Double? = nil) -> String {
    let counts = "\(counter) running \(runningCount), \(totals(at: now))"
    return latest.map { "\(counts) | \($0.summary)" } ?? counts
  }

  /// How many of the cells have ended, such as `[ 12/108]`.
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
      parts.append("ETA \(remainingSeconds(at: now).map(clockTime) ?? "-:--")")
    }
    return parts.joined(separator: ", ")
  }

  /// What a terminal shows while the sweep runs: a line for each worker, and below them the totals.
  ///
  /// - Parameters:
  ///   - now: Seconds since the sweep started.
  ///   - width: No line has more characters.
  package func liveLines(at now: Double, width: Int) -> [String] {
    let rows = workers.enumerated().map { index, cell in
      guard let cell else { return "  \(index + 1)  idle" }
      let spent = clockTime(now - cell.start)
      let expected = expectedSeconds(ofCost: cell.cost).map { " of about \(clockTime($0))" } ?? ""
      return "  \(index + 1)  \(cell.key)  \(spent)\(expected)"
    }
    return (rows + ["\(counter) \(totals(at: now))"]).map { $0.shortened(to: width) }
  }
}

extension String {
  /// The text, or its beginning with `…` where it has more characters than `width`.
  fileprivate func shortened(to width: Int) -> String {
    count <= width ? self : prefix(max(0, width - 1)) + (width > 0 ? "…" : "")
  }
}

extension SweepEvent {
  /// What happened, on one line.
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
        // The first line of a reason says what is wrong, further ones what to do.
        "\(result.key) failed: \(reason.split(whereSeparator: \.isNewline).first ?? "")"
      }
    }
  }
}

/// `0:41`, `12:05`, `1:02:03`, rounded to seconds.
private func clockTime(_ seconds: Double) -> String {
  // A sweep of a century is an estimate gone wrong; it must not trap.
  let whole = Int(min(max(seconds, 0), 3e9).rounded())
  let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
  return hours > 0
    ? String(format: "%d:%02d:%02d", hours, minutes, rest)
    : String(format: "%d:%02d", minutes, rest)
}
