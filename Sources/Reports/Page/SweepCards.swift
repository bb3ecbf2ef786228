import Analysis
import Records

/// The cards of a sweep's page: what following the rules costs, where they fail most, when training
/// from scratch wins, and whether the runs can be trusted.
struct SweepCards {
  private let data: SweepData
  private let dots: RegretDots
  private let audit: RunAudit

  init(_ data: SweepData, _ dots: RegretDots, _ audit: RunAudit) {
    (self.data, self.dots, self.audit) = (data, dots, audit)
  }

  var cards: [PageCard] {
    [followingRules, largestLoss, fromScratch, audit.card].compactMap { $0 }
  }

  private var followingRules: PageCard? {
    guard let table = dots.rows.first(where: { $0.score.policy == RuleSet.table.name }) else {
      return nil
    }
    let isComplete = table.score.cellCount == data.validation.scoreboard.cellCount
    let places =
      isComplete
      ? ScoredPlaces(data.validation).count : FigureText.counted(table.score.cellCount, "place")
    var text = "of accuracy are lost by following the rule table, on average over \(places)"
    let interval = FigureText.interval(table.score.interval)
    text += (interval.isEmpty ? "" : " \(interval)") + "."
    if let measured = dots.measured {
      text +=
        " Advice fitted to these measurements loses \(FigureText.regret(measured.regret)) "
        + "at similarities that it has not seen."
    }
    return PageCard(number: "\(FigureText.regret(table.regret)) points", text: text)
  }

  private var largestLoss: PageCard? {
    let refuted = data.testedRules.flatMap(\.cells).filter { $0.verdict == .refuted }
    guard let worst = refuted.max(by: { ($0.regret?.points ?? 0) < ($1.regret?.points ?? 0) }),
      let regret = worst.regret
    else { return nil }
    return PageCard(
      number: "\(FigureText.decimal(regret.points)) points",
      text: "is the most that a refuted rule loses: \(worst.rule.arm.name) against "
        + "\(regret.rival.name) at \(FigureText.place(worst.cell.place)).")
  }

  /// The first size at which only training from scratch is supported, against the rule's.
  private var fromScratch: PageCard? {
    let lone = data.places.filter { place in
      place.supported.count == 1 && place.supported[0].arm.strategy == .fromScratch
        && place.undecided.isEmpty
    }
    guard let size = lone.map(\.place.trainSize).min() else { return nil }
    let rule = RuleSet.table.rules.first { $0.arm.strategy == .fromScratch }
    let similarities = lone.filter { $0.place.trainSize == size }.map(\.place.similarity.label)
    let noun = similarities.count == 1 ? "similarity" : "similarities"
    let waits = rule.map {
      " The rule table waits for more than \(FigureText.grouped($0.condition.sizes.lowerBound - 1))."
    }
    return PageCard(
      number: "from \(FigureText.grouped(size)) labels",
      text: "training from scratch is the only strategy that is shown to be close to the best, "
        + "at \(noun) \(FigureText.list(similarities)).\(waits ?? "")")
  }
}
