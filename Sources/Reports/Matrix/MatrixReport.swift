package import Analysis
package import Records

/// The main result of a sweep as text: accuracy and time of every strategy for every similarity and
/// train size, the advised and the best strategy, and whether the measurements support the advice.
package struct MatrixReport: Sendable {
  let results: SweepResults
  let rows: [RowVerdict]

  /// - Parameter rows: The verdicts on the same results, in printing order.
  package init(results: SweepResults, rows: [RowVerdict]) {
    self.results = results
    self.rows = rows
  }

  /// The finding in sentences; `nil` for one labelled set and for tables of others, and if nothing
  /// can be compared.
  var finding: String? {
    guard results.plan.splitRatio == nil, !results.plan.isImported else { return nil }
    return SweepFinding(rows)?.text(margin: VerdictCriteria.standard.margin)
  }

  /// The report, ending in a newline.
  ///
  /// - Parameter layout: the terminal that a table is laid out for (default: a file).
  package func text(_ format: TableFormat, layout: TextLayout = .file) -> String {
    switch format {
    case .table: people(layout)
    case .markdown: markdown()
    case .csv: commaSeparated()
    case .latex: latex()
    case .json: json()
    }
  }
}

/// The marks of the advised and the best strategy, and other texts that the formats share.
enum MatrixText {
  static let advisedMark = "▸"
  static let bestMark = "★"
  /// Printed for what was not measured.
  static let absent = "–"

  static func marks(_ summary: ArmSummary, in row: RowVerdict) -> (advised: String, best: String) {
    (
      summary.arm == row.advised?.arm ? advisedMark : "",
      summary.arm == row.best?.arm ? bestMark : ""
    )
  }

  /// Completed over planned replicates, such as `2/3`; `nil` if all completed.
  static func completion(_ summary: ArmSummary) -> String? {
    summary.completedCount < summary.plannedCount
      ? "\(summary.completedCount)/\(summary.plannedCount)" : nil
  }

  /// ` ± 1.2`: half the width of the interval, printed after an accuracy; empty without an
  /// interval.
  static func width(_ summary: ArmSummary) -> String {
    guard let half = summary.accuracyHalfWidth else { return "" }
    return isTooWide(summary) ? " \(NumberText.tooFew)" : " ± \(NumberText.percent(half))"
  }

  private static func isTooWide(_ summary: ArmSummary) -> Bool {
    summary.accuracyHalfWidth.map { 100 * $0 > NumberText.widest } ?? false
  }

  /// Printed instead of an accuracy that is not known.
  static func placeholder(_ summary: ArmSummary) -> String {
    summary.failedCount > 0 ? "failed" : absent
  }

  /// The marks and the interval, on one line, and where the intervals are too wide.
  ///
  /// - Parameter request: what shows the whole legend, for a hint.
  static func shortLegend(
    _ plan: SweepPlan, rows: [RowVerdict], request: String?
  ) -> [String] {
    let intervals =
      rows.contains { row in row.arms.contains { $0.accuracyHalfWidth != nil } }
      ? "  ± 95 % interval" : ""
    return [
      "\(bestMark) best mean  \(advisedMark) advised by the rules\(intervals), "
        + "\(replicateCount(rows, of: plan))" + (request.map { "  (\($0) explains)" } ?? "")
    ] + caveats(planned: Set(rows.flatMap { $0.arms.map(\.plannedCount) }))
  }

  /// The explanations of the columns, one or two sentences per line.
  static func legend(_ plan: SweepPlan, rows: [RowVerdict]) -> [String] {
    // Explained only if it occurs.
    let isPartial = rows.contains { row in
      row.arms.contains { $0.meanAccuracy != nil && completion($0) != nil }
    }
    let lines = [
      "\(advisedMark) advised for the row   \(bestMark) highest mean accuracy",
      "Accuracy: mean test accuracy in % over \(replicateCount(rows, of: plan)), ± half the "
        + "width of its 95 % Student-t interval; with it, mean CPU seconds of one thread."
        + (isPartial ? " 2/3: only two of three replicates completed." : ""),
      "Regret: best other strategy minus advised strategy, in points of accuracy (negative: the "
        + "advised one leads), with its 95 % interval by Student's t of the paired differences, "
        + "corrected for the choice of the best among several.",
      "Verdict: supported, the advised strategy is at most 1 point behind; refuted, it is further "
        + "behind; undecided, the interval allows both. Cost: CPU time of the advised strategy "
        + "over that of the best.",
    ]
    let apart =
      rows.contains { $0.verdict == .nothingLearns || $0.verdict == .ceiling }
      ? [
        "Nothing learns: no strategy is shown to be better than guessing; at the ceiling: all are "
          + "within 1 point of 100 %. Such places say nothing about advice."
      ] : []
    let isUseless = rows.contains { row in
      row.arms.contains(where: isTooWide)
        || row.regret?.interval.map { $0.halfWidth > NumberText.widest } ?? false
    }
    let tooFew =
      isUseless
      ? [
        "Too few: not enough replicates for an interval of at most ± "
          + "\(NumberText.short(NumberText.widest)) points."
      ] : []
    let splits =
      plan.splitRatio == nil
      ? []
      : [
        plan.folds == nil
          ? "Replicates are splits of one set and share examples: all intervals are widened after "
            + "Nadeau and Bengio (2003)."
          : "Replicates are folds of one set: intervals are those of its single examples, paired "
            + "between strategies, and of how much trainings vary."
      ]
    let shifts =
      plan.hasShifts
      ? [
        "Similarity of a kind of shift: the fraction of the source network's accuracy above chance "
          + "that is left without training. input: new tiles; feature: new rules between tiles "
          + "and classes; output: new class rules; all else is the source's."
      ] : []
    return lines + apart + tooFew + splits + shifts
      + caveats(planned: Set(rows.flatMap { $0.arms.map(\.plannedCount) }))
  }

  /// A note that rows of one replicate have no verdict; empty if there is no such row.
  ///
  /// - Parameter counts: The numbers of replicates that the rows have.
  private static func caveats(planned counts: Set<Int>) -> [String] {
    guard let least = counts.min(), least <= 1 else { return [] }
    return [
      (counts.count > 1 ? "Rows with one replicate have" : "One replicate gives")
        + " no interval, so that no verdict can be reached."
    ]
  }

  /// `3 replicates`, or `3 to 8 replicates` if the plan's limits give some rows fewer.
  static func replicateCount(_ rows: [RowVerdict], of plan: SweepPlan) -> String {
    let counts = rows.flatMap { $0.arms.map(\.plannedCount) }
    guard let least = counts.min(), let most = counts.max(), least < most else {
      return counted(counts.first ?? plan.replicates, "replicate")
    }
    return "\(least) to \(counted(most, "replicate"))"
  }

  /// That a time limit has ended the results, and how many runs they have; `nil` if none has.
  static func budget(_ results: SweepResults) -> String? {
    results.provenance.budgetSeconds.map {
      "The time limit of \(Quantity.seconds($0)) was reached: "
        + "\(NumberText.count(results.endedCount)) of "
        + "\(counted(results.plan.cellCount, "run")) have ended."
    }
  }

  /// The number of failed runs, and the first line of the reason of at most five of them.
  static func failures(_ results: SweepResults) -> [String] {
    let failures = results.failures
    guard !failures.isEmpty else { return [] }
    var lines = ["\(counted(failures.count, "run")) failed:"]
    for cell in failures.prefix(5) {
      guard case .failed(let reason) = cell.outcome else { continue }
      lines.append("  \(cell.key): \(reason.split(whereSeparator: \.isNewline).first ?? "")")
    }
    if failures.count > 5 { lines.append("  and \(failures.count - 5) more") }
    return lines
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(NumberText.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
