import Analysis
import Records

extension MatrixReport {
  /// A row per similarity and size; the highest mean accuracy of a row is bold, and the advised
  /// strategy is underlined.
  func latex() -> String {
    var lines: [[String]] = []
    for (index, row) in rows.enumerated() {
      if index > 0, rows[index - 1].similarity != row.similarity { lines.append([]) }
      let regret = row.regret.map { NumberText.points($0.points) } ?? MatrixText.absent
      let interval = row.regret?.interval.map { " " + NumberText.bounds($0) } ?? ""
      lines.append(
        [LaTeXTable.escaped(row.similarity.label), "\(row.trainSize)"]
          + row.arms.map { cell($0, in: row) }
          + [LaTeXTable.escaped(regret + interval), row.verdict.rawValue])
    }
    return LaTeXTable.text(
      ["similarity", "n#"] + results.plan.arms.map { "\($0.name)#" }
        + ["regret (points)", "verdict"],
      lines,
      notes: [
        "Mean test accuracy in % over \(MatrixText.replicateCount(rows, of: results.plan)), with "
          + "half the width of its 95 % Student-t interval. Bold: highest mean accuracy; "
          + "underlined: advised by the rules.",
        "Regret: best other strategy minus advised strategy, in points, with its 95 % interval.",
      ])
  }

  private func cell(_ summary: ArmSummary, in row: RowVerdict) -> String {
    guard let mean = summary.meanAccuracy else {
      return LaTeXTable.escaped(MatrixText.placeholder(summary))
    }
    let marks = MatrixText.marks(summary, in: row)
    var text = NumberText.percent(mean)
    if !marks.best.isEmpty { text = "\\textbf{\(text)}" }
    if !marks.advised.isEmpty { text = "\\underline{\(text)}" }
    return text + LaTeXTable.escaped(MatrixText.width(summary))
  }
}
