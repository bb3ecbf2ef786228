import Analysis
import Records

/// The report on a sweep over the number of transferred groups.
struct DepthReportBuilder {
  private let source: ReportSource
  private let claims: [DepthClaim]

  init(_ source: ReportSource) {
    self.source = source
    claims = DepthClaim.all(of: source.results)
  }

  var report: PageReport {
    let audit = RunAudit(source.results)
    return PageReport(
      kicker: source.kicker, headline: headline, lead: lead, warning: audit.warning,
      cards: cards + [audit.card],
      sections: [curves, claimsSection, audit.section].compactMap { $0 }, facts: source.facts,
      caution: "The treatments are those of Yosinski et al., “How transferable are features in "
        + "deep neural networks?”, NeurIPS 2014; groups of layers take the place of layers.")
  }

  private var headline: String {
    guard !claims.isEmpty else { return "Accuracy by the number of transferred groups of layers" }
    let held = claims.count { $0.verdict == .supported }
    let failed = claims.count { $0.verdict == .refuted }
    let sizes = claims.count == 1 ? "" : " at \(held) of \(claims.count) numbers of labels"
    if held > 0 { return "Frozen features lose more with depth if tasks differ more\(sizes)" }
    if failed > 0 { return "Frozen features do not lose more with depth if tasks differ more" }
    return "Whether frozen features lose more with depth if tasks differ more is undecided"
  }

  private var lead: String {
    let plan = source.results.plan
    let runs = FigureText.grouped(source.results.outcomes.count { $0?.measurement != nil })
    return "\(runs) training runs of the \(plan.architecture) network: \(source.design)."
  }

  private var cards: [PageCard] {
    claims.prefix(3).map { claim in
      PageCard(
        number: "\(FigureText.decimal(claim.lowerFall - claim.higherFall)) points",
        text: "more are lost by frozen layers from the first to the last depth at similarity "
          + "\(claim.lower.label) than at \(claim.higher.label), with "
          + "\(FigureText.grouped(claim.trainSize)) labels \(FigureText.interval(claim.interval)): "
          + "\(claim.verdict.rawValue).")
    }
  }

  private var curves: PageSection? {
    guard let figure = DepthCurveFigure(source.results).figure else { return nil }
    return PageSection(
      id: "depth", question: "How well do groups of layers transfer?", title: headline,
      explanation: Markup.text(
        "Test accuracy in %, mean and 95 % interval over tasks, by the number of groups "
          + "of layers that are transferred, from the input. A: from the source task; B: from the "
          + "target task itself; +: trained further. Grey: what the source’s frozen layers lose "
          + "against the task’s own."),
      blocks: [.figure(figure)])
  }

  private var claimsSection: PageSection? {
    guard !claims.isEmpty else { return nil }
    let rows = claims.map { claim -> [Markup] in
      [
        Markup.text(FigureText.counted(claim.trainSize, "label")), SimpleTable.chip(claim.verdict),
        Markup.text("\(FigureText.decimal(claim.lowerFall)) at \(claim.lower.label)"),
        Markup.text("\(FigureText.decimal(claim.higherFall)) at \(claim.higher.label)"),
        SimpleTable.number(
          FigureText.decimal(claim.lowerFall - claim.higherFall),
          FigureText.interval(claim.interval)),
      ]
    }
    let count = claims.count { $0.verdict == .supported }
    return PageSection(
      id: "claims", question: "Does similarity matter more for deeper layers?",
      title: "The claim is supported at \(count) of "
        + "\(FigureText.counted(claims.count, "number")) of labels",
      explanation: Markup.text(
        "The accuracy that frozen layers of the source task lose from the first to the "
          + "last depth, in points, at the lowest and the highest similarity."),
      blocks: [
        .markup(
          SimpleTable(
            ["labels", "verdict", "lost#", "lost there#", "difference#"], cells: rows
          ).markup)
      ])
  }
}
