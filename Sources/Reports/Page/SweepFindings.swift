import Analysis
import Records

/// The titles of a sweep's page: sentences made from the verdicts by fixed rules.
struct SweepFindings {
  private let data: SweepData

  init(_ data: SweepData) { self.data = data }

  private func count(_ verdict: Verdict) -> Int {
    data.testedRules.count { $0.overall.verdict == verdict }
  }

  /// The finding about the rules, or, if none was tested, about the strategies.
  var headline: String {
    let (tested, failed) = (data.testedRules.count, count(.refuted))
    guard tested > 0 else { return map }
    let word = FigureText.word
    if 2 * failed > tested {
      let rules = tested == 1 ? "rule" : "rules"
      return FigureText.capitalized(word(failed))
        + " of \(word(tested)) \(rules) of thumb fail\(failed == 1 ? "s" : "") on these tasks"
    }
    if failed == 0 {
      let places = data.testedRules.flatMap(\.cells).filter(\.verdict.isTelling)
      let supported = places.count { $0.verdict == .supported }
      guard supported > 0 else {
        return "Nothing is decided yet: no rule of thumb is supported or refuted anywhere"
      }
      return "The rules of thumb hold in \(FigureText.grouped(supported)) of "
        + FigureText.counted(places.count, "place")
    }
    let (held, open) = (count(.supported), count(.undecided))
    return FigureText.capitalized(word(held))
      + " \(held == 1 ? "rule holds" : "rules hold"), \(word(failed)) "
      + "\(failed == 1 ? "fails" : "fail"), \(word(open)) \(open == 1 ? "is" : "are") undecided"
  }

  /// Where a strategy clearly wins.
  var map: String {
    let clear = data.places.compactMap { $0.clearWinner?.arm.name }
    let count = data.places.count
    guard !clear.isEmpty else {
      let open = data.places.count { $0.supported.isEmpty }
      let more = data.places.compactMap(additional).max()
      let ending = more.map {
        ": \(FigureText.counted($0, "more replicate")) would decide \(FigureText.grouped(open)) of "
          + "them"
      }
      return "No strategy wins clearly at any of \(FigureText.counted(count, "place"))"
        + (open > 0 ? ending ?? "" : "")
    }
    return "One strategy clearly wins in \(FigureText.grouped(clear.count)) of "
      + "\(FigureText.counted(count, "place")): "
      + FigureText.list(
        Self.frequencies(clear).map { "\($0.name) in \(FigureText.grouped($0.count))" })
  }

  /// How many more replicates would show how the best strategy compares at an undecided place.
  private func additional(_ place: PlaceVerdict) -> Int? {
    guard place.supported.isEmpty, let best = place.best else { return nil }
    return Regret(of: best, among: place.cell.arms, confidence: data.criteria.confidence)?
      .largest.additionalPairs(toDecideAt: data.criteria.margin)
  }

  /// Names with how often they occur, the most frequent first.
  private static func frequencies(_ names: [String]) -> [(name: String, count: Int)] {
    var order: [String] = []
    for name in names where !order.contains(name) { order.append(name) }
    let counted = order.map { name in (name: name, count: names.count { $0 == name }) }
    return counted.enumerated()
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }

  /// Who wins with the most labels, over similarities.
  var curves: String {
    let last = data.similarities.compactMap { similarity in
      data.sizes.last { data[similarity, $0] != nil }.flatMap { data[similarity, $0] }
    }
    let winners = Self.frequencies(last.compactMap { $0.winner?.name })
    let noun = data.similarities.allSatisfy(\.isKnown) ? "similarity" : "task"
    let plural = noun == "task" ? "tasks" : "similarities"
    guard let first = winners.first else {
      return "With the most labels no strategy wins at any \(noun)"
    }
    let others = winners.dropFirst().map { "\($0.name) at \(FigureText.word($0.count))" }
    let of = last.count == 1 ? "the one \(noun)" : "\(FigureText.word(last.count)) \(plural)"
    return "With the most labels \(first.name) wins at \(FigureText.word(first.count)) of \(of)"
      + (others.isEmpty ? "" : ", \(FigureText.list(others))")
  }

  /// How many of the rules are refuted.
  var rules: String {
    let (tested, failed, held) = (data.testedRules.count, count(.refuted), count(.supported))
    guard tested > 0 else { return "No rule was tested" }
    let verb = failed == 1 ? "is" : "are"
    let first =
      "\(FigureText.capitalized(FigureText.word(failed))) of "
      + "\(FigureText.word(tested)) \(tested == 1 ? "rule" : "rules") \(verb) refuted"
    return first + ", \(FigureText.word(held)) \(held == 1 ? "is" : "are") supported"
  }

  /// What following the rules costs, beside constant and measured advice.
  func advisors(_ dots: RegretDots) -> String {
    let places = ScoredPlaces(data.validation)
    guard let table = dots.rows.first(where: { $0.score.policy == RuleSet.table.name }) else {
      // An advisor with advice at a few places only is not the best of all.
      let whole = dots.rows.first { places.share(of: $0.score).isEmpty }
      guard let best = whole ?? dots.rows.first else { return "No advisor can be scored" }
      return "\(FigureText.capitalized(best.name)) loses \(FigureText.regret(best.regret)) points"
        + places.share(of: best.score)
    }
    var text =
      "The rule table loses \(FigureText.regret(table.regret)) points"
      + places.share(of: table.score)
    if let constant = dots.bestConstant {
      text +=
        ", \(comparison(constant.score)) the best constant strategy "
        + "(\(FigureText.regret(constant.regret)))"
    }
    if let measured = dots.measured {
      text += "; measured advice loses \(FigureText.regret(measured.regret))"
    }
    return text
  }

  /// How the rule table's loss compares with a constant strategy's, by the paired interval.
  private func comparison(_ constant: PolicyScore) -> String {
    switch Verdict(effectInterval: constant.difference?.interval) {
    case .supported: "more than"
    case .refuted: "less than"
    case .undecided, .notMeasured, .nothingLearns, .ceiling: "as much as"
    }
  }

  /// What accuracy costs.
  func cost(_ frontier: CostFrontier) -> String {
    guard let cost = frontier.costOfAccuracy else { return "Accuracy and time" }
    let size = FigureText.grouped(cost.size)
    if cost.ratio < 1.05 { return "The cheapest strategy is the most accurate at \(size) labels" }
    return "Accuracy costs \(NumberText.threeDigits(cost.ratio)) times the CPU time of the "
      + "cheapest strategy at \(size) labels"
  }
}

extension RegretDots {
  /// The measured advisor, scored at similarities that it has not seen.
  var measured: Row? {
    rows.first { $0.score.policy == MeasuredPolicy().name && $0.score.heldOut == .similarity }
  }
}
