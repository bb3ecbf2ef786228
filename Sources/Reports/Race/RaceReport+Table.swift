import Analysis
import Records

extension RaceReport {
  /// A row of the table of all strategies that raced or were to race.
  private struct Row {
    let name: String
    let folds: Int
    /// `nil` without results.
    let standing: RaceStanding?
    /// Processor seconds of one training.
    let seconds: Double?
    /// `chosen`, or why the strategy left the race; empty if it stayed to the end.
    let status: String
    let isChosen: Bool
  }

  private var rows: [Row] {
    names.enumerated().map { index, name in
      let isChosen = !answer.isGuessing && index == answer.choice.entrant
      let drop = record.drops.first { $0.name == name }
      return Row(
        name: name, folds: foldCount(of: name),
        standing: answer.standings.first { $0.entrant == index }, seconds: costs[index],
        status: isChosen ? "chosen" : drop.map { Self.word($0.reason) } ?? "", isChosen: isChosen)
    }
  }

  /// A header, and one line per strategy with all digits; fields without a value are empty.
  ///
  /// RFC 4180, but with newlines alone.
  package func commaSeparated() -> String {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    let titles = [
      "strategy", "status", "folds", "accuracy", "within_probability", "best_probability",
      "expected_loss", "loss_bound", "cpu_seconds",
    ]
    let lines = rows.map { row in
      let standing = row.standing
      return [
        row.name, row.status, "\(row.folds)", text(standing?.mean), text(standing?.within),
        text(standing?.best), text(standing?.expectedRegret), text(standing?.bound),
        text(row.seconds),
      ]
    }
    return ([titles] + lines).map(CSVLine.text).joined()
  }

  /// The strategies as a Markdown table, and the answer in a sentence.
  package func markdown() -> String {
    let titles = Self.titles.map { $0.hasSuffix("#") ? String($0.dropLast()) : $0 }
    let alignments = Self.titles.map { $0.hasSuffix("#") ? "---:" : "---" }
    let lines = rows.map { row in [row.isChosen ? "★ \(row.name)" : row.name] + Self.fields(row) }
    return ([titles, alignments] + lines).map(MarkdownLine.text).joined() + "\n" + summary + "\n"
  }

  /// The strategies as a table in LaTeX, the chosen one in bold, with the answer as a comment.
  package func latex() -> String {
    let lines = rows.map { row in
      let name = LaTeXTable.escaped(row.name)
      return [row.isChosen ? "\\textbf{\(name)}" : name]
        + Self.fields(row).map(LaTeXTable.escaped)
    }
    return LaTeXTable.text(Self.titles, lines, notes: [summary])
  }

  private static let titles = [
    "strategy", "folds#", "accuracy (%)#", "close#", "best#", "expected loss (points)#", "CPU s#",
    "left",
  ]

  /// The fields after the name.
  private static func fields(_ row: Row) -> [String] {
    func text(_ value: (RaceStanding) -> Double, _ format: (Double) -> String) -> String {
      row.standing.map { format(value($0)) } ?? MatrixText.absent
    }
    return [
      "\(row.folds)", text(\.mean, NumberText.percent), text(\.within, NumberText.probability),
      text(\.best, NumberText.probability), text({ 100 * $0.expectedRegret }, NumberText.points),
      row.seconds.map(NumberText.threeDigits) ?? MatrixText.absent,
      row.isChosen ? "" : row.status,
    ]
  }

  /// The answer in a sentence, and what the columns are.
  private var summary: String {
    let interval =
      "[\(NumberText.percent(answer.accuracy.interval.lower)), "
      + "\(NumberText.percent(answer.accuracy.interval.upper))]"
    let use =
      answer.isGuessing
      ? "No strategy is shown to be better than guessing the most frequent class."
      : "\(choice) is \(answer.isDecided ? "decided" : "ahead, undecided"): "
        + "\(NumberText.percent(answer.accuracy.accuracy)) % \(interval), corrected for the choice."
    return "\(use) Close and best: the probabilities of losing no more than "
      + "\(NumberText.short(100 * task.criteria.allowedLoss)) points to any other strategy, and of "
      + "being the best; left: why a strategy left the race early."
  }
}
