import Analysis
import Records

extension MatrixReport {
  /// The matrix with two lines per row, so that four strategies fit into 120 columns.
  ///
  /// Accuracies, regret and verdict are on the first line; below them seconds, the regret's
  /// interval and the cost ratio.
  func terminalTable() -> String {
    let armColumns = results.plan.arms.map { TextTable.Column($0.name) }
    var table = TextTable(
      [.init("similarity"), .init("n", .right)] + armColumns
        + [.init("regret (points)"), .init("verdict")])
    for (index, row) in rows.enumerated() {
      if index > 0, rows[index - 1].similarity != row.similarity { table.append([]) }
      table.append(
        [row.similarity.label, "\(row.trainSize)"]
          + row.arms.map { accuracyText($0, in: row) }
          + [row.regret.map { NumberText.points($0.points) } ?? MatrixText.absent]
          + [row.verdict.rawValue])
      let second =
        ["", ""] + row.arms.map(timeText)
        + [row.regret?.interval.map(NumberText.bounds) ?? ""]
        + [row.costRatio.map { "cost \(NumberText.threeDigits($0))×" } ?? ""]
      if second.contains(where: { !$0.isEmpty }) { table.append(second) }
    }
    let plan = results.plan
    let heading =
      "Test accuracy and CPU time, architecture \(plan.architecture), "
      + MatrixText.replicateCount(rows, of: plan)
    let notes =
      MatrixText.legend(plan, rows: rows)
      .flatMap { $0.wrappedAsNote(to: 118) }
      + MatrixText.failures(results) + (finding.map { [""] + $0.wrapped(to: 118) } ?? [])
    return "\(heading)\n\n\(table.rendered())\n" + notes.joined(separator: "\n") + "\n"
  }

  /// `▸★  85.6 ± 1.2`: a column for each mark, so that the numbers of a column line up.
  private func accuracyText(_ summary: ArmSummary, in row: RowVerdict) -> String {
    let marks = MatrixText.marks(summary, in: row)
    let prefix = marks.advised.padded(to: 1) + marks.best.padded(to: 1) + " "
    guard let mean = summary.meanAccuracy else { return prefix + MatrixText.placeholder(summary) }
    let accuracy = prefix + NumberText.percent(mean).rightAligned(in: 5)
    return accuracy + MatrixText.width(summary)
  }

  /// ` 2.13 s`, printed under the accuracy, and how many replicates completed if not all.
  private func timeText(_ summary: ArmSummary) -> String {
    guard let seconds = summary.meanCPUSeconds else { return "" }
    let time = NumberText.threeDigits(seconds).rightAligned(in: 8) + " s"
    return MatrixText.completion(summary).map { "\(time)  \($0)" } ?? time
  }
}

extension String {
  /// Wraps a line of the legend and indents what follows its first line.
  ///
  /// A line that is short enough keeps its inner spaces.
  fileprivate func wrappedAsNote(to width: Int) -> [String] {
    if count <= width { return [self] }
    return wrapped(to: width).enumerated().map { $0.offset == 0 ? $0.element : "  \($0.element)" }
  }
}
