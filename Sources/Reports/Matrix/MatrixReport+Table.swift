import Analysis
import Records

extension MatrixReport {
  /// A heading, the matrix, and what it says.
  ///
  /// The matrix is a table if the terminal is wide enough, and otherwise a block for each place.
  func people(_ layout: TextLayout) -> String {
    let plan = results.plan
    let heading =
      "Test accuracy and CPU time, architecture \(plan.architecture), "
      + (plan.family.map { "\($0.title), " } ?? "") + MatrixText.replicateCount(rows, of: plan)
    let table = table
    let fits = layout.width.map { table.width <= $0 } ?? true
    let legend =
      layout.hasShortLegend
      ? MatrixText.shortLegend(plan, rows: rows, request: layout.request)
      : MatrixText.legend(plan, rows: rows)
    let most = layout.prose(118)
    let notes =
      (legend + [MatrixText.budget(results)].compactMap { $0 })
      .flatMap { $0.wrappedAsNote(to: most) }
      + MatrixText.failures(results).flatMap { $0.wrappedAsNote(to: layout.width ?? .max) }
      + (finding.map { [""] + $0.wrapped(to: most) } ?? [])
    return heading.wrappedAsNote(to: layout.width ?? .max).joined(separator: "\n") + "\n\n"
      + (fits ? table.rendered() : blocks(within: layout.width ?? .max))
      + "\n" + notes.joined(separator: "\n") + "\n"
  }

  /// The matrix with two lines per row, so that four strategies fit into 120 columns.
  ///
  /// Accuracies, regret and verdict are on the first line; below them seconds, the regret's
  /// interval and the cost ratio.
  private var table: TextTable {
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
    return table
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
