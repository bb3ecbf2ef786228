package import Analysis

/// A validation, with its verdicts and scoreboard, as text.
package struct ValidationReport: Sendable {
  let validation: Validation
  let comparison: GroupComparison?

  /// - Parameter comparison: two strategies over the tasks of a table, for a section of their own;
  ///   `nil` for no such section.
  package init(_ validation: Validation, comparison: GroupComparison? = nil) {
    self.validation = validation
    self.comparison = comparison
  }

  /// The report, ending in a newline.
  package func text(_ format: ValidationFormat) -> String {
    switch format {
    case .text: sections().map { $0.plain() }.joined(separator: "\n") + notes(bullet: "")
    case .markdown: sections().map { $0.markdown() }.joined(separator: "\n") + notes(bullet: "- ")
    case .csv: commaSeparated()
    case .json: json()
    }
  }

  /// The tables of the formats for people.
  private func sections() -> [ReportSection] {
    [rulesByPlace(), rulesOverall(), claimsSection(), scoreboardSection()]
      + (comparison.map { [comparisonSection($0)] } ?? [])
  }

  private func notes(bullet: String) -> String {
    var lines: [String] = []
    for note in explanations {
      if bullet.isEmpty {
        let parts = note.wrapped(to: 116)
        lines.append(parts[0])
        lines += parts.dropFirst().map { "  \($0)" }
      } else {
        lines.append(bullet + note)
      }
    }
    return "\n" + lines.joined(separator: "\n") + "\n"
  }

  /// The explanations of the columns.
  private var explanations: [String] {
    let percent = NumberText.short(validation.criteria.confidence * 100)
    let margin = NumberText.short(validation.criteria.margin)
    return [
      """
      Regret: best other strategy minus advised strategy in points of accuracy (negative: the \
      advised one leads), with its \(percent) % interval by Student's t of the paired differences, \
      corrected for the choice of the best among several; r: replicates.
      """,
      """
      Supported: at most \(margin) behind every other strategy; refuted: further behind one of \
      them; undecided: the interval allows both. More: how many further replicates would decide if \
      they were like these.
      """,
      """
      Overall: supported if every place is; refuted if one is even after Holm's correction for all \
      places. s/r/u: places supported, refuted, undecided. Mean regret: behind the best strategy, \
      zero where the advised one is the best.
      """,
      """
      Claims: supported if the effect is above zero (a ratio above 1), refuted if it is below. ≈: \
      within \(margin) of zero, too little to matter.
      """,
      """
      Scoreboard: within: places with a regret of at most \(margin); median, 95th: median and 95th \
      percentile of the regret over places; interval: for new replicates of these places; cost: \
      CPU time over the best strategy's, geometric mean; gain: accuracy over the rule table's, in \
      points, on common places; ◆: no advisor that covers every place has both less regret and less \
      cost. Fitted advisors have not seen the similarity or the size that is held out.
      """,
      """
      \(MatrixText.absent): not measured, or too few replicates to compute it; \
      \(NumberText.tooFew): the interval is wider than ± \(NumberText.short(NumberText.widest)) \
      points.
      """,
    ] + (comparison.map { [explanation(of: $0)] } ?? [])
  }
}

/// A heading and a table.
struct ReportSection {
  let heading: String
  let columns: [TextTable.Column]
  let lines: [[String]]

  func plain() -> String {
    var table = TextTable(columns)
    for line in lines { table.append(line) }
    return "\(heading)\n\n\(table.rendered())"
  }

  func markdown() -> String {
    let rule = columns.map { $0.alignment == .right ? "---:" : "---" }
    return "## \(heading)\n\n"
      + ([columns.map(\.title), rule] + lines).map(MarkdownLine.text).joined()
  }
}
