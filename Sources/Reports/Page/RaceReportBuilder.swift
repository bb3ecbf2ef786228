import Analysis
import Records

extension ReportPage {
  /// The report on a race of strategies for a labelled set.
  ///
  /// - Parameters:
  ///   - weights: The name of the file of the network.
  ///   - data: The name of the file of the labelled set.
  package init(
    _ race: RaceReport, weights: String, data: String, toolVersion: String, title: String? = nil
  ) {
    let builder = RaceReportBuilder(
      race: race, weights: weights, data: data, toolVersion: toolVersion)
    self.init(title: title, reports: [builder.report])
  }
}

/// The report on a race.
struct RaceReportBuilder {
  let race: RaceReport
  let weights, data, toolVersion: String

  private var answer: RaceAnswer { race.answer }

  var report: PageReport {
    let figures = RaceFigures(race)
    return PageReport(
      kicker: "tlbench advise · \(weights) · \(data)", headline: headline, lead: lead,
      cards: cards,
      sections: [standing(figures), evidence(figures), forecast(figures)].compactMap { $0 },
      facts: [
        PageFact(name: "network", text: "\(race.task.network), \(weights)"),
        PageFact(name: "labels", text: data, isCode: true),
        PageFact(name: "next", text: race.next, isCode: true),
        PageFact(name: "made by", text: "tlbench \(toolVersion)"),
      ],
      caution: "One labelled set and one network: another set of labels may have another answer.")
  }

  private var headline: String {
    if answer.isGuessing { return "No strategy is shown to be better than guessing" }
    let accuracy = FigureText.decimal(100 * answer.accuracy.accuracy)
    return answer.isDecided
      ? "Use \(race.choice): \(accuracy) %"
      : "\(race.choice) is ahead with \(accuracy) %, and nothing is decided yet"
  }

  private var lead: String {
    let task = race.task
    let count = race.names.count - 1
    return "\(FigureText.counted(task.labels, "label")) in \(task.classes) classes, "
      + "\(task.folds) folds: a race of \(count == 1 ? "one strategy" : "\(count) strategies") "
      + "that took \(Quantity.seconds(task.elapsed)) of \(Quantity.seconds(task.budget))."
  }

  private var cards: [PageCard] {
    let own = answer.accuracy
    let interval = ConfidenceInterval(
      lower: 100 * own.interval.lower, upper: 100 * own.interval.upper)
    let choice = answer.isGuessing ? "guessing the most frequent class" : race.choice
    let allowed = 100 * race.task.criteria.allowedLoss
    let points = "\(FigureText.short(allowed)) point\(allowed == 1 ? "" : "s")"
    var cards = [
      PageCard(
        number: "\(FigureText.decimal(100 * own.accuracy)) %",
        text: "\(race.metricText) of \(choice) \(FigureText.interval(interval)), corrected for "
          + "having been chosen.")
    ]
    if !answer.isGuessing {
      cards.append(
        PageCard(
          number: NumberText.probability(answer.choice.within),
          text: "is the probability that no other strategy of the race is better by more than "
            + "\(points)."))
    }
    if let sealed = race.sealedTest {
      cards.append(
        PageCard(
          number: "\(FigureText.decimal(100 * sealed.accuracy)) %",
          text: "on \(FigureText.counted(sealed.count, "example")) that nothing was chosen by."))
    }
    return cards
  }

  private func standing(_ figures: RaceFigures) -> PageSection {
    let close = answer.standings.count { $0.within >= 0.05 }
    return PageSection(
      id: "standing", question: "Which strategy is best?",
      title: answer.isGuessing
        ? "None is shown to be better than guessing"
        : "\(FigureText.capitalized(FigureText.word(close))) of "
          + "\(FigureText.word(answer.standings.count)) may be close to the best",
      explanation: Markup.text(
        "Expected \(race.metricText) in %, by all folds and what strategies have in common"
          + (race.task.metric == .accuracy
            ? ", and the 95 % interval by the examples that each strategy classified by itself"
            : "")
          + ". Close: the probability that no other one is better by more than what is ignored."),
      blocks: [.markup(figures.legend), .figure(figures.standing)],
      note: dropped)
  }

  /// What left the race, in a sentence; empty if nothing did.
  private var dropped: String {
    let names = race.record.drops.map(\.name)
    return names.isEmpty ? "" : "Left the race early: \(FigureText.list(names))."
  }

  private func evidence(_ figures: RaceFigures) -> PageSection? {
    guard let figure = figures.evidence else { return nil }
    let folds = FigureText.counted(answer.foldCount, "fold")
    return PageSection(
      id: "folds", question: "What did each fold say?",
      title: "The answer rests on \(folds) of \(race.task.folds)",
      explanation: Markup.text(
        "Accuracy in % of trainings on the other folds, on the fold that was left out. Strategies "
          + "that go up and down together differ less than their lines alone suggest."),
      blocks: [.figure(figure)])
  }

  private func forecast(_ figures: RaceFigures) -> PageSection? {
    guard let figure = figures.forecast else { return nil }
    let gains = race.forecasts.flatMap(\.values).map(\.forecast)
    let sure = gains.count { $0.gainInterval.lower > 0 }
    return PageSection(
      id: "forecast", question: "Is more labelling worth it?",
      title: sure == 0
        ? "No gain from more labels is shown"
        : "A gain is expected in \(sure) of \(FigureText.counted(gains.count, "forecast"))",
      explanation: Markup.text(
        "What more labels are expected to bring, in points, from trainings on parts of the labels, "
          + "with 95 % intervals."),
      blocks: [.figure(figure)])
  }
}
