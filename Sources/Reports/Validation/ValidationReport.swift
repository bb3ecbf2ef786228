package import Analysis

/// A validation, with its verdicts and scoreboard, as text.
package struct ValidationReport: Sendable {
  let validation: Validation
  let comparison: GroupComparison?
  let changes: VerdictChanges?

  /// - Parameters:
  ///   - comparison: two strategies over the tasks of a table, for a section of their own; `nil`
  ///     for no such section.
  ///   - changes: the verdicts compared with those of a baseline, for a section of their own, which
  ///     CSV does not have; `nil` for no such section.
  package init(
    _ validation: Validation, comparison: GroupComparison? = nil, changes: VerdictChanges? = nil
  ) {
    self.validation = validation
    self.comparison = comparison
    self.changes = changes
  }

  /// Whether tasks have a kind of shift.
  var hasShifts: Bool { validation.matrix.hasShifts }

  /// The report, ending in a newline.
  ///
  /// - Parameter layout: the terminal that a text is laid out for (default: a file). A text that is
  ///   not verbose has the finding and the verdicts over all places.
  package func text(_ format: ValidationFormat, layout: TextLayout = .file) -> String {
    switch format {
    case .text: people(layout)
    case .markdown:
      "\(finding)\n\n" + sections().map { $0.markdown() }.joined(separator: "\n")
        + explanations.map { "- \($0)\n" }.reduce("\n", +)
    case .csv: commaSeparated()
    case .json: json()
    }
  }

  private func people(_ layout: TextLayout) -> String {
    let finding = finding.wrapped(to: layout.prose(118))
    let sections = layout.isVerbose ? sections() : summaries()
    let notes =
      layout.isVerbose
      ? explanations
      : [shortExplanation(layout)] + (comparison.map { [explanation(of: $0)] } ?? [])
    return (finding + [""]).map { $0 + "\n" }.joined()
      + sections.map { $0.plain(within: layout.width) }.joined(separator: "\n") + "\n"
      + notes.flatMap { $0.wrappedAsNote(to: layout.prose(118)) }.map { $0 + "\n" }.joined()
  }

  /// The tables of the formats for people.
  private func sections() -> [ReportSection] {
    [rulesByPlace(), rulesOverall(), claimsSection(), scoreboardSection()] + furtherSections()
  }

  /// The tables over all places, without rules and claims that were measured at none.
  private func summaries() -> [ReportSection] {
    [rulesOverall(onlyMeasured: true), claimsOverall()].filter { !$0.lines.isEmpty }
      + furtherSections()
  }

  /// The tables that were asked for.
  private func furtherSections() -> [ReportSection] {
    [comparison.map(comparisonSection), changes.map(changesSection)].compactMap { $0 }
  }

  private func shortExplanation(_ layout: TextLayout) -> String {
    "s/r/u: places supported, refuted, undecided; regret: points behind the best strategy; more: "
      + "replicates that would decide."
      + (layout.request.map {
        " \($0) adds every place, the scoreboard of advisors, and what the columns mean."
      } ?? "")
  }

  /// The explanations of the columns.
  private var explanations: [String] {
    let percent = NumberText.short(validation.criteria.confidence * 100)
    let margin = NumberText.short(validation.criteria.margin)
    let allowed =
      validation.criteria.relativeMargin.map {
        "\(NumberText.short($0 * 100)) % of the best strategy's error"
      } ?? margin
    return [
      """
      Regret: best other strategy minus advised strategy in points of accuracy (negative: the \
      advised one leads), with its \(percent) % interval by Student's t of the paired differences, \
      corrected for the choice of the best among several; r: replicates.
      """,
      """
      Supported: at most \(allowed) behind every other strategy; refuted: further behind one of \
      them; undecided: the interval allows both; nothing learns: no strategy is shown to be \
      better than guessing; at the ceiling: all are within \(margin) of 100 %. More: how many \
      further replicates would decide if they were like these.
      """,
      """
      Overall: supported if every place is; refuted if one is even after Holm's correction for \
      all places. s/r/u: places supported, refuted, undecided. Mean regret: behind the best \
      strategy, zero where the advised one is the best. + n: further places where nothing learns \
      or all are at the ceiling, which are in no other number.
      """,
      """
      Claims: supported if the effect is above zero (a ratio above 1), refuted if it is below. ≈: \
      within \(margin) of zero, too little to matter.
      """,
      """
      Scoreboard: within: places with a regret of at most \(allowed); median, 95th: median and \
      95th percentile of the regret over places; interval: for new replicates of these places; \
      cost: CPU time over the best strategy's, geometric mean; gain: accuracy over the rule \
      table's, in points, on common places; ◆: no advisor that covers every place has both less \
      regret and less cost. Fitted advisors have not seen the similarity or the size that is held \
      out.
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
  /// How many of the first columns say what a line is about.
  var keys = 1
  let columns: [TextTable.Column]
  let lines: [[String]]

  /// - Parameter width: the columns of the terminal; `nil` for any number.
  func plain(within width: Int? = nil) -> String {
    var table = TextTable(columns)
    for line in lines { table.append(line) }
    let title = width.map { heading.wrapped(to: $0).joined(separator: "\n") } ?? heading
    return "\(title)\n\n\(table.rendered(within: width, keys: keys))"
  }

  func markdown() -> String {
    let rule = columns.map { $0.alignment == .right ? "---:" : "---" }
    return "## \(heading)\n\n"
      + ([columns.map(\.title), rule] + lines).map(MarkdownLine.text).joined()
  }
}
