import Analysis
import Records

extension MatrixReport {
  /// The matrix as one block per place: a heading with the rule's verdict, and the strategies as a
  /// leaderboard, the most accurate first.
  ///
  ///     high similarity, 100 labels                  rule: feature-extraction, refuted
  ///       ★ linear-probe         94.8 ± 1.3   0.081 s
  ///       ▸ feature-extraction   80.0 ± 9.8   0.015 s  14.80 behind [9.10, 18.20]
  ///
  /// - Parameter width: the columns of the terminal.
  func blocks(within width: Int) -> String {
    let lines = rows.map { row in
      row.arms.sorted { ($0.meanAccuracy ?? -1) > ($1.meanAccuracy ?? -1) }
        .map { LeaderboardLine($0, in: row) }
    }
    let columns = LeaderboardLine.widths(of: lines.flatMap { $0 })
    return zip(rows, lines).map { row, lines in
      (heading(of: row, within: width) + lines.flatMap { $0.text(columns, within: width) })
        .joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  /// The place at the left, the rule and its verdict at the right, or below if that is too long.
  private func heading(of row: RowVerdict, within width: Int) -> [String] {
    let isTask = results.plan.splitRatio != nil || results.plan.isImported
    let place =
      row.similarity.label + (isTask ? "" : " similarity")
      + ", \(MatrixText.counted(row.trainSize, "label"))"
    guard let advice = row.advice else { return place.wrappedAsNote(to: width) }
    let rule = "rule: \(advice.arm.name), \(row.verdict.rawValue)"
    let gap = min(width, 80) - place.count - rule.count
    return gap >= 2
      ? [place + String(repeating: " ", count: gap) + rule]
      : place.wrappedAsNote(to: width) + "  \(rule)".wrappedAsNote(to: width)
  }
}

/// A strategy at a place, as a line of a leaderboard.
private struct LeaderboardLine {
  private let marks: String
  private let name: String
  private let accuracy: String
  private let seconds: String
  /// How many replicates completed if not all, and how far the advised strategy is behind.
  private let remarks: [String]

  init(_ summary: ArmSummary, in row: RowVerdict) {
    let marks = MatrixText.marks(summary, in: row)
    self.marks = marks.best.padded(to: 1) + marks.advised.padded(to: 1)
    name = summary.arm.name
    accuracy =
      summary.meanAccuracy.map { mean in
        NumberText.percent(mean).rightAligned(in: 5) + MatrixText.width(summary)
      } ?? MatrixText.placeholder(summary).rightAligned(in: 5)
    seconds = summary.meanCPUSeconds.map { "\(NumberText.threeDigits($0)) s" } ?? ""
    let regret = row.regret.map { regret in
      let points = NumberText.points(abs(regret.points))
      let isAhead = regret.points < 0
      let interval =
        regret.interval.map { interval in
          isAhead
            ? ConfidenceInterval(lower: -interval.upper, upper: -interval.lower) : interval
        }.map { " \(NumberText.bounds($0))" } ?? ""
      return "\(points) \(isAhead ? "ahead" : "behind")\(interval)"
    }
    let isAdvised = summary.arm == row.advised?.arm
    remarks = [MatrixText.completion(summary), isAdvised ? regret : nil].compactMap { $0 }
  }

  /// The columns of names, accuracies and seconds.
  static func widths(of lines: [LeaderboardLine]) -> [Int] {
    [lines.map(\.name), lines.map(\.accuracy), lines.map(\.seconds)].map { column in
      column.reduce(0) { max($0, $1.count) }
    }
  }

  /// The line, with remarks on lines of their own if it would be wider than the terminal.
  func text(_ columns: [Int], within width: Int) -> [String] {
    let fields = [
      name.padded(to: columns[0]), accuracy.padded(to: columns[1]),
      seconds.rightAligned(in: columns[2]),
    ]
    let line = "  \(marks) \(fields.joined(separator: "  "))".trimmingEnd
    let remark = remarks.joined(separator: "  ")
    if remark.isEmpty { return line.wrappedAsNote(to: width) }
    if line.count + 2 + remark.count <= width { return ["\(line)  \(remark)"] }
    return line.wrappedAsNote(to: width) + "     \(remark)".wrappedAsNote(to: width)
  }
}

extension String {
  /// The text without spaces at its end.
  fileprivate var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
