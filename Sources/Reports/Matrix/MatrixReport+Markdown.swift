import Analysis
import Records

extension MatrixReport {
  /// A Markdown table with one row per row of the matrix.
  func markdown() -> String {
    let titles =
      ["similarity", "n"] + results.plan.arms.map(\.name) + ["regret (points)", "verdict", "cost"]
    let alignments = titles.map { $0 == "n" ? "---:" : "---" }
    let lines =
      [titles, alignments]
      + rows.map { row in
        [row.similarity.label, "\(row.trainSize)"] + row.arms.map { armText($0, in: row) }
          + [regretText(row), row.verdict.rawValue]
          + [row.costRatio.map { "\(NumberText.threeDigits($0))×" } ?? MatrixText.absent]
      }
    let notes =
      (MatrixText.legend(results.plan, rows: rows)
      + [MatrixText.budget(results)].compactMap { $0 }).map { "- \($0)" }
    let failures = MatrixText.failures(results).enumerated().map { index, line in
      index == 0 ? "\n\(line)\n" : "- \(line.drop { $0 == " " })"
    }
    let ending = finding.map { ["", $0] } ?? []
    return lines.map(MarkdownLine.text).joined()
      + ([""] + notes + failures + ending).joined(separator: "\n") + "\n"
  }

  /// `▸★ 85.6 ± 1.2, 2.13 s`.
  private func armText(_ summary: ArmSummary, in row: RowVerdict) -> String {
    let marks = MatrixText.marks(summary, in: row)
    let prefix = marks.advised + marks.best
    var text = prefix.isEmpty ? "" : "\(prefix) "
    guard let mean = summary.meanAccuracy else { return text + MatrixText.placeholder(summary) }
    text += NumberText.percent(mean) + MatrixText.width(summary)
    if let seconds = summary.meanCPUSeconds { text += ", \(NumberText.threeDigits(seconds)) s" }
    if let completion = MatrixText.completion(summary) { text += " (\(completion))" }
    return text
  }

  private func regretText(_ row: RowVerdict) -> String {
    guard let regret = row.regret else { return MatrixText.absent }
    let points = NumberText.points(regret.points)
    return regret.interval.map { "\(points) \(NumberText.bounds($0))" } ?? points
  }
}
