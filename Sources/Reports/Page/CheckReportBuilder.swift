import Analysis
import Records

/// The report on what changed between a baseline and new results.
struct CheckReportBuilder {
  private let source: ReportSource
  private let baseline: ReportSource
  private let check: BaselineCheck

  /// - Throws: What ``BaselineCheck`` throws.
  init(
    _ source: ReportSource, _ baseline: ReportSource, tolerances: Tolerances = .standard
  ) throws {
    (self.source, self.baseline) = (source, baseline)
    check = try BaselineCheck(
      source.results, baseline: baseline.results, tolerances: tolerances)
  }

  private var regressions: [BaselineChange] { check.changes.filter { $0.kind.isRegression } }

  var report: PageReport {
    let audit = RunAudit(source.results)
    return PageReport(
      kicker: "\(source.kicker) · against \(baseline.name)", headline: headline, lead: lead,
      warning: audit.warning, cards: cards + [audit.card],
      sections: forests + [flips, missing, audit.section].compactMap { $0 },
      facts: source.facts + baselineFacts,
      caution: check.notes.joined(separator: " "))
  }

  private var baselineFacts: [PageFact] {
    let version = baseline.results.provenance.toolVersion
    return [
      PageFact(name: "baseline", text: "\(baseline.name), tlbench \(version)"),
      PageFact(name: "its digest", text: baseline.digest, isCode: true),
    ]
  }

  private var headline: String {
    let comparisons = FigureText.counted(check.comparisonCount, "comparison")
    return regressions.isEmpty
      ? "No regression in \(comparisons)"
      : "\(FigureText.counted(regressions.count, "regression")) in \(comparisons)"
  }

  private var lead: String {
    let judged = check.comparisonCount - check.unjudgedCount
    let rate = FigureText.short(100 * check.tolerances.falseAlarmRate)
    return "Worse or better: beyond the tolerance, by t tests of the differences over replicates, "
      + "corrected after Holm for \(FigureText.grouped(judged)) comparisons; results that differ "
      + "by chance alone are found worse in at most \(rate) % of checks."
  }

  private var cards: [PageCard] {
    let kinds: [(BaselineChange.Kind, String)] = [
      (.worse, "are worse than the tolerance allows"), (.better, "are better by more than that"),
      (.flipped, "verdicts on rules turned into their opposite"),
      (.missing, "places have fewer replicates than the baseline"),
    ]
    return kinds.compactMap { kind, text in
      let count = check.changes.count { $0.kind == kind }
      guard count > 0 || kind == .worse else { return nil }
      let all = FigureText.grouped(check.comparisonCount)
      let noun = kind == .worse || kind == .better ? "of \(all) " : ""
      return PageCard(number: FigureText.grouped(count), text: noun + text + ".")
    }
  }

  private var forests: [PageSection] {
    BaselineMetric.allCases.compactMap { metric in
      guard let figure = ChangeForest(metric, check).figure else { return nil }
      let all = check.comparisons.filter { $0.figure == metric }.count
      let moved = check.changes.filter { $0.what == metric.rawValue }
      let (worse, better) = (
        moved.count { $0.kind == .worse }, moved.count { $0.kind == .better }
      )
      let name = metric.rawValue.replacing("_", with: " ")
      return PageSection(
        id: metric.rawValue, question: "What moved: \(name)",
        title: worse + better == 0
          ? "No change of \(name) counts, in \(FigureText.counted(all, "comparison"))"
          : "\(FigureText.capitalized(FigureText.word(worse))) worse and "
            + "\(FigureText.word(better)) better, of \(FigureText.counted(all, "comparison"))",
        explanation: Markup.text(
          "New minus baseline over the common replicates, with its 95 % interval, the "
            + "worst first. Shaded: what is tolerated. Red: worse; green: better; hollow: neither is "
            + "shown."),
        blocks: [.figure(figure)])
    }
  }

  /// The verdicts on rules that changed.
  private var flips: PageSection? {
    let changes = check.changes.filter { $0.verdicts.count == 2 }
    guard !changes.isEmpty else { return nil }
    let flipped = changes.count { $0.kind == .flipped }
    return PageSection(
      id: "verdicts", question: "Did verdicts change?",
      title: "\(FigureText.capitalized(FigureText.word(flipped))) of "
        + "\(FigureText.counted(changes.count, "changed verdict")) "
        + "\(flipped == 1 ? "is" : "are") turned into the opposite",
      blocks: [
        .markup(
          SimpleTable(
            ["place", "result", "before", "now"],
            cells: changes.map { change in
              [
                Markup.text(ChangeForest.name(change.place)), Markup.text(change.kind.rawValue),
                SimpleTable.chip(change.verdicts[0]), SimpleTable.chip(change.verdicts[1]),
              ]
            }
          ).markup)
      ])
  }

  /// The places with fewer replicates than in the baseline.
  private var missing: PageSection? {
    let changes = check.changes.filter { $0.kind == .missing }
    guard !changes.isEmpty else { return nil }
    return PageSection(
      id: "missing", question: "Is anything missing?",
      title: "\(FigureText.counted(changes.count, "place")) with fewer replicates than before",
      blocks: [
        .markup(
          SimpleTable(
            ["place", "before#", "now#"],
            changes.map { change in
              [
                ChangeForest.name(change.place), NumberText.whole(change.before ?? 0),
                NumberText.whole(change.after ?? 0),
              ]
            }
          ).markup)
      ])
  }
}
