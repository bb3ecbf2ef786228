import Analysis
import Records

/// The report on a sweep over strategies, or on a table of published results.
struct SweepReportBuilder {
  private let source: ReportSource
  private let data: SweepData
  private let findings: SweepFindings

  /// - Throws: What ``SweepData`` throws.
  init(_ source: ReportSource) throws {
    self.source = source
    data = try SweepData(source.results)
    findings = SweepFindings(data)
  }

  var report: PageReport {
    let dots = RegretDots(data)
    let audit = RunAudit(source.results)
    let sections = [
      map, curves, rules, advisors(dots), cost, HistoryFigure(source.results).section,
      audit.section,
    ]
    return PageReport(
      kicker: source.kicker, headline: findings.headline, lead: lead, warning: audit.warning,
      cards: SweepCards(data, dots, audit).cards, sections: sections.compactMap { $0 },
      facts: source.facts, caution: caution)
  }

  private var plan: SweepPlan { source.results.plan }

  private var lead: String {
    let runs = FigureText.grouped(source.results.outcomes.count { $0?.measurement != nil })
    let sizes = (plan.trainSizes.min() ?? 0, plan.trainSizes.max() ?? 0)
    let labels =
      sizes.0 == sizes.1
      ? FigureText.counted(sizes.1, "label")
      : "\(FigureText.grouped(sizes.0)) to \(FigureText.counted(sizes.1, "label"))"
    let tasks = FigureText.counted(
      plan.similarities.count, source.isKnown ? "task similarity level" : "task")
    let strategies = plan.arms.count == 1 ? "one strategy" : "\(plan.arms.count) strategies"
    let what =
      plan.isImported
      ? "published results"
      : "training runs of the \(plan.architecture) network"
        + (plan.family.map { " on tasks of \($0.title)" } ?? "")
    return "\(runs) \(what): \(tasks), \(labels), \(strategies), \(source.replicates)."
  }

  private var caution: String {
    plan.isImported
      ? "The results were imported from a table; tlbench did not train these networks."
      : "One family of synthetic tasks, one network, one training budget: the method carries over, "
        + "the numbers need not."
  }

  private var map: PageSection? {
    guard !data.places.isEmpty else { return nil }
    let map = StrategyMap(data)
    let margin = data.marginText
    let omission = map.omission.map { " \($0)" } ?? ""
    let chance = data.matrix.chance.map { "Chance is \(FigureText.decimal(100 * $0, 0)) %. " } ?? ""
    return PageSection(
      id: "map", question: "Which strategy wins where", title: findings.map,
      explanation: [
        "Best strategy by number of labels and similarity of the tasks. ", bold("Solid"),
        Markup.text(": every other strategy is shown to be more than \(margin) behind. "),
        bold("Pale"),
        Markup.text(
          ": strategies with a full square are shown to be within \(margin) of the best, any will "
            + "do; a hollow square is undecided. "), bold("Hatched"),
        ": none is shown to be. ✓ ✗ in the corner: the rule table’s advice is supported or "
          + "refuted there.",
        data.places.contains(where: \.nothingLearns)
          ? " Guessing: no strategy is shown to be better than that." : "",
      ],
      blocks: [.figure(map.figure)],
      note: chance + "95 % intervals by Student’s t of paired differences, \(source.replicates); "
        + "dashed tiles were not measured.\(omission)")
  }

  private var curves: PageSection? {
    let curves = LearningCurves(data)
    guard let figure = curves.figure else { return nil }
    return PageSection(
      id: "curves", question: "How accuracy grows with labels", title: findings.curves,
      explanation: Markup.text(
        "Test accuracy in %, mean and 95 % interval over tasks, by number of labelled "
          + "training examples (logarithmic)."),
      blocks: [.figure(figure)],
      note: curves.omission)
  }

  private var rules: PageSection? {
    let claims = ClaimsTable(data)
    var blocks: [PageSection.Block] = []
    if !data.testedRules.isEmpty { blocks.append(.figure(RulesTable(data).figure)) }
    if let table = claims.markup {
      blocks.append(.markup(Markup.element("h3", [:], "General claims") + table))
    }
    guard !blocks.isEmpty else { return nil }
    return PageSection(
      id: "rules", question: "Were the rules right?", title: findings.rules,
      explanation: [
        "Regret is the accuracy that following the rule gives away against the best other "
          + "strategy. ", bold("Shaded"),
        Markup.text(
          ": within the margin of \(data.marginText). ● supported, ✗ refuted, ○ undecided; lines "
            + "are 95 % intervals."),
      ],
      blocks: blocks,
      note: "A rule is supported where every place is, and refuted where one is even after Holm’s "
        + "correction for all its places.\(claims.omission)")
  }

  private func advisors(_ dots: RegretDots) -> PageSection? {
    guard let figure = dots.figure else { return nil }
    let places = ScoredPlaces(data.validation)
    return PageSection(
      id: "advisors", question: "Who gives good advice?", title: findings.advisors(dots),
      explanation: Markup.text(
        "Mean regret in points with its 95 % interval over \(places.count). "
          + (places.omission.map { "\($0) " } ?? "")
          + "◆ fitted to measurements, "
          + "scored on similarities or sizes left out; ● rules; ■ one strategy always. Dashed: the "
          + "best constant strategy."),
      blocks: [.figure(figure)],
      note: data.scoresFits
        ? ""
        : "Advisors that are fitted to measurements are scored in pages of at most "
          + "\(SweepData.mostFitted.places) places with "
          + "\(FigureText.grouped(SweepData.mostFitted.replicates)) replicates; 'tlbench "
          + "validate' scores them at up to \(Validation.mostFitted.places), and "
          + "\(FigureText.grouped(Validation.mostFitted.pairs)) pairs of a place and a strategy, "
          + "in a time that grows with the third power of the number of places.")
  }

  private var cost: PageSection? {
    let frontier = CostFrontier(data)
    guard let figure = frontier.figure else { return nil }
    return PageSection(
      id: "cost", question: "What does accuracy cost?", title: findings.cost(frontier),
      explanation: Markup.text(
        "Test accuracy in % against CPU time of one training run. Steps: the best accuracy for a "
          + "budget, one line per similarity; a step is drawn where it brings more than "
          + "\(data.marginText). Pale: not on any frontier."),
      blocks: [.figure(figure)],
      note: "Times are of one thread on a machine that may have done other work as well: good for "
        + "ratios." + (frontier.omission.isEmpty ? "" : " \(frontier.omission)"))
  }

  private func bold(_ text: String) -> Markup { Markup.element("b", [:], Markup.text(text)) }
}
