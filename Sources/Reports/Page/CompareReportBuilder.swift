import Analysis
import Records

/// The report on a comparison of strategies on one labelled set.
struct CompareReportBuilder {
  private let source: ReportSource
  private let data: SweepData

  /// - Throws: What ``SweepData`` throws.
  init(_ source: ReportSource) throws {
    self.source = source
    data = try SweepData(source.results)
  }

  /// The place with the most labels.
  private var last: PlaceVerdict? {
    data.places.max { $0.place.trainSize < $1.place.trainSize }
  }

  var report: PageReport {
    let audit = RunAudit(source.results)
    let sections = [
      leaderboard, folds, curves, gains, rules, cost, HistoryFigure(source.results).section,
      audit.section,
    ]
    return PageReport(
      kicker: source.kicker, headline: headline, lead: lead, warning: audit.warning,
      cards: cards + [audit.card], sections: sections.compactMap { $0 }, facts: source.facts,
      caution: "One labelled set, one network, one training budget: repeat it before you rely on "
        + "small differences.")
  }

  private var headline: String {
    guard let last, let best = last.best else { return "Nothing was measured" }
    let size = FigureText.grouped(last.place.trainSize)
    let accuracy = best.meanAccuracy.map { FigureText.decimal(100 * $0) } ?? ""
    if last.nothingLearns {
      return "With \(size) labels no strategy is shown to be better than guessing"
    }
    if let winner = last.clearWinner {
      return "\(winner.arm.name) wins with \(size) labels: \(accuracy) %"
    }
    let names = FigureText.list(last.supported.map(\.arm.name))
    guard !last.supported.isEmpty else {
      return "Nothing is decided with \(size) labels; \(best.arm.name) is highest with "
        + "\(accuracy) %"
    }
    return "With \(size) labels \(names) \(last.supported.count == 1 ? "is" : "are") within "
      + "\(data.marginText) of the best, \(accuracy) %"
  }

  private var plan: SweepPlan { source.results.plan }

  /// What intervals are over.
  private var replicates: String { plan.folds == nil ? "splits" : "all examples" }

  private var lead: String {
    let runs = FigureText.grouped(source.results.outcomes.count { $0?.measurement != nil })
    let set = FigureText.list(plan.similarities.map(\.label))
    let sizes = FigureText.list(plan.trainSizes.map(FigureText.grouped))
    return "\(runs) training runs of the \(plan.architecture) network on \(set) with \(sizes) "
      + "labels: \(plan.arms.count) strategies, \(source.replicates)."
  }

  private var cards: [PageCard] {
    guard let last else { return [] }
    var cards: [PageCard] = []
    if let best = last.best, let mean = best.meanAccuracy {
      let lead = last.lead.map { ", \(FigureText.decimal($0)) points ahead of the next" } ?? ""
      cards.append(
        PageCard(
          number: "\(FigureText.decimal(100 * mean)) %",
          text: "is the highest mean accuracy, of \(best.arm.name)\(lead)."))
    }
    if let cheapest = last.cheapestSupported, let seconds = cheapest.meanCPUSeconds {
      cards.append(
        PageCard(
          number: "\(NumberText.threeDigits(seconds)) s",
          text: "of CPU time takes \(cheapest.arm.name), the cheapest strategy that is shown to be "
            + "within \(data.marginText) of the best."))
    }
    let gains = lastGains.filter { $0.differences.mean != nil }
    if let gain = gains.max(by: {
      ($0.differences.mean ?? 0) < ($1.differences.mean ?? 0)
    }), let mean = gain.differences.mean {
      let sign = mean > 0 ? "+" : ""
      cards.append(
        PageCard(
          number: "\(sign)\(FigureText.decimal(mean)) points",
          text: "is the most that any strategy gains from \(FigureText.grouped(gain.fewer)) to "
            + "\(FigureText.grouped(gain.more)) labels: \(gain.arm.name)."))
    }
    return cards
  }

  private var allGains: [[LearningGain]] {
    data.matrix.similarities.first.map { LearningGain.all(in: data.matrix, similarity: $0) } ?? []
  }

  private var lastGains: [LearningGain] { allGains.last ?? [] }

  private var leaderboard: PageSection? {
    guard let last else { return nil }
    let size = FigureText.grouped(last.place.trainSize)
    let open = last.undecided.count
    let title =
      "\(FigureText.capitalized(FigureText.word(last.supported.count))) of "
      + "\(FigureText.word(last.cell.measuredArms.count)) strategies "
      + "\(last.supported.count == 1 ? "is" : "are") shown to be close to the best, "
      + "\(FigureText.word(open)) \(open == 1 ? "is" : "are") undecided"
    return PageSection(
      id: "leaderboard", question: "Which strategy is best with \(size) labels?", title: title,
      explanation: Markup.text(
        "Mean test accuracy in % with its 95 % interval over \(replicates). Close: shown to be at "
          + "most \(data.marginText) behind every other strategy; behind: shown to be further behind "
          + "one of them."),
      blocks: [.markup(data.styles.legend), .figure(Leaderboard(last, data).figure)],
      note: "Differences between strategies on the same "
        + (plan.folds == nil ? "splits" : "examples") + " are sharper than these intervals.")
  }

  /// The strategies over all folds together; `nil` for results without folds.
  private var folds: PageSection? {
    let all = FoldComparison.all(of: source.results)
    guard let most = all.max(by: { $0.place.trainSize < $1.place.trainSize }) else { return nil }
    let close = most.close(margin: data.criteria.margin).count
    let rows = all.flatMap { comparison in
      comparison.rows.map { row -> [String] in
        let loss = row.loss.map {
          FigureText.decimal(100 * $0.mean, 2) + " "
            + FigureText.interval(
              ConfidenceInterval(lower: 100 * $0.interval.lower, upper: 100 * $0.interval.upper))
        }
        return [
          row.arm.name, FigureText.grouped(comparison.place.trainSize),
          "\(FigureText.decimal(100 * row.accuracy)) ± \(FigureText.decimal(100 * row.halfWidth))",
          "\(row.folds) of \(comparison.foldCount)", loss ?? "–",
        ]
      }
    }
    return PageSection(
      id: "folds", question: "Which strategy is best over all folds together?",
      title: close == 0
        ? "\(most.best.arm.name) is shown to be ahead of all others by more than "
          + "\(data.marginText)"
        : "\(FigureText.capitalized(FigureText.word(close))) "
          + "\(close == 1 ? "strategy is" : "strategies are") not shown to be more than "
          + "\(data.marginText) behind \(most.best.arm.name)",
      explanation: Markup.text(
        "Accuracy in % over \(FigureText.counted(most.exampleCount, "example")), each tested once "
          + "by \(most.testers), and how far it is behind the best, in points, by differences "
          + "example by example; with 95 % intervals."),
      blocks: [
        .markup(
          SimpleTable(["strategy", "labels#", "accuracy#", "folds#", "behind#"], rows).markup)
      ],
      note: most.corrected.map {
        "Corrected for having been chosen, \(most.best.arm.name) has "
          + "\(FigureText.decimal(100 * $0.accuracy)) %."
      } ?? "")
  }

  private var curves: PageSection? {
    guard let figure = LearningCurves(data).figure else { return nil }
    return PageSection(
      id: "curves", question: "How accuracy grows with labels",
      title: FigureText.capitalized(figure.panels.first?.finding ?? "no clear winner"),
      explanation: Markup.text(
        "Test accuracy in %, mean and 95 % interval over \(replicates), by number of labelled "
          + "training examples (logarithmic)."),
      blocks: [.figure(figure)])
  }

  private var gains: PageSection? {
    let gains = allGains
    guard !gains.isEmpty else { return nil }
    let rows = data.matrix.arms.indices.map { index -> [String] in
      [data.matrix.arms[index].name]
        + gains.map { step -> String in
          guard let mean = step[index].differences.mean else { return "–" }
          let half = step[index].differences.interval().map {
            " ± \(FigureText.decimal($0.halfWidth))"
          }
          return (mean > 0 ? "+" : "") + FigureText.decimal(mean) + (half ?? "")
        }
    }
    let paying = lastGains.filter { gain in
      gain.differences.interval().map { $0.lower > 0 } ?? false
    }
    let steps = gains.map {
      "\(FigureText.grouped($0[0].fewer)) to \(FigureText.grouped($0[0].more))#"
    }
    return PageSection(
      id: "gains", question: "Is more labelling worth it?",
      title: "\(FigureText.capitalized(FigureText.word(paying.count))) of "
        + "\(FigureText.word(lastGains.count)) strategies still "
        + "\(paying.count == 1 ? "gains" : "gain") at the last step",
      explanation: Markup.text(
        "Accuracy gained from one number of labels to the next, in points, with half "
          + "the width of the 95 % interval of the differences on the same "
          + (plan.folds == nil ? "splits." : "examples.")),
      blocks: [.markup(SimpleTable(["strategy"] + steps, rows).markup)],
      note: "A strategy gains if its whole interval is above zero.")
  }

  /// The advice of the rules under every similarity that the tasks might have.
  private var rules: PageSection? {
    let advice = data.matrix.cells.flatMap { AssumedAdvice.all(in: $0) }
    let known = data.matrix.similarities.first?.level
    let levels = Similarity.Level.allCases.filter { known == nil || $0 == known }
    var judged: [(Similarity.Level, [RuleVerdict])] = []
    for level in levels {
      let verdicts = advice.filter { $0.level == level }.map(\.judgement)
      if verdicts.contains(where: { $0.verdict != .notMeasured }) {
        judged.append((level, verdicts))
      }
    }
    guard !judged.isEmpty else { return nil }
    let strip = IntervalStrip(judged.flatMap(\.1), margin: data.criteria.margin)
    let rows = judged.map { level, verdicts -> [Markup] in
      let words = verdicts.filter { $0.verdict != .notMeasured }.map { verdict -> Markup in
        Markup.element(
          "div", [:],
          Markup.element("code", [:], Markup.text(verdict.rule.arm.name))
            + Markup.text(" at \(FigureText.grouped(verdict.cell.trainSize)) ")
            + SimpleTable.chip(verdict.verdict))
      }
      return [
        Markup.text("if they are \(level.rawValue)"), Markup(words),
        strip.image(verdicts, of: "the rules for \(level.rawValue) similarity").markup(),
      ]
    }
    let failed = judged.flatMap(\.1).count { $0.verdict == .refuted }
    let count = judged.flatMap(\.1).count { $0.verdict != .notMeasured }
    return PageSection(
      id: "rules", question: "Were the rules right?",
      title: "The rules’ advice is refuted in \(failed) of \(FigureText.counted(count, "case"))",
      explanation: Markup.text(
        "What the rule table advises if the tasks have this similarity, and the accuracy that "
          + "following it gives away against the best other strategy, in points. Shaded: within "
          + "the margin of \(data.marginText)."),
      blocks: [
        .markup(SimpleTable(["similarity", "advice", "regret, points"], cells: rows).markup),
        .markup(
          DataTable(
            "rules", ["assumed similarity", "labels#", "advice", "regret, points#", "verdict"],
            judged.flatMap { level, verdicts in verdicts.map { Self.fields(level, $0) } }
          ).disclosure(of: "these cases")),
      ])
  }

  private static func fields(
    _ level: Similarity.Level, _ verdict: RuleVerdict
  ) -> [String] {
    let regret = verdict.regret.map { FigureText.decimal($0.points, 2) }
    return [
      level.rawValue, "\(verdict.cell.trainSize)", verdict.rule.arm.name, regret ?? "",
      verdict.verdict.rawValue,
    ]
  }

  private var cost: PageSection? {
    let frontier = CostFrontier(data)
    guard let figure = frontier.figure else { return nil }
    return PageSection(
      id: "cost", question: "What does accuracy cost?",
      title: SweepFindings(data).cost(frontier),
      explanation: Markup.text(
        "Test accuracy in % against CPU time of one training run. Steps: the best accuracy for a "
          + "budget; a step is drawn where it brings more than \(data.marginText)."),
      blocks: [.figure(figure)], note: frontier.omission)
  }
}
