import Analysis

extension ValidationReport {
  /// What the results say, in sentences on one line: how many rules hold, what following them
  /// costs, and how close fitted advisors come.
  package var finding: String {
    (["Finding: " + rulesSentence]
      + [scoredPlaces.omission, tableSentence, fittedSentence].compactMap { $0 })
      .joined(separator: " ")
  }

  private var scoredPlaces: ScoredPlaces { ScoredPlaces(validation) }

  private var rulesSentence: String {
    let rules = validation.rules.filter { $0.set == .table }
    let parts = [Verdict.supported, .refuted, .undecided].compactMap { verdict -> String? in
      let names = rules.filter { $0.overall.verdict == verdict }.map(\.rule.id)
      guard !names.isEmpty else { return nil }
      return "\(names.count) \(verdict.rawValue) (\(names.joined(separator: ", ")))"
    }
    let judged = rules.count { $0.overall.verdict != .notMeasured }
    let places = scoredPlaces.count
    guard judged > 0 else { return "no rule under test could be judged at \(places)." }
    return "of \(MatrixText.counted(judged, "rule")) under test, judged at \(places): "
      + parts.joined(separator: ", ") + "."
  }

  /// The regret of the rules' advice, as taught and with every rate chosen, beside that of the best
  /// single strategy.
  private var tableSentence: String? {
    let scores = validation.scoreboard.scores
    guard let table = scores.first(where: { $0.policy == RuleSet.table.name }),
      let regret = table.meanRegret
    else { return nil }
    let always = scores.filter {
      $0.policy.hasPrefix("always-") && $0.cellCount == table.cellCount && $0.meanRegret != nil
    }.min { ($0.meanRegret ?? 0) < ($1.meanRegret ?? 0) }
    let tuned = scores.first {
      $0.policy == RuleSet.tableTuned.name && $0.cellCount == table.cellCount
    }?.meanRegret.map {
      ", and \(NumberText.points($0)) with every rate chosen on held-out labels"
    }
    let interval = table.interval.map { " \(NumberText.bounds($0))" } ?? ""
    let rival = always.map {
      "; \($0.policy) is \(NumberText.points($0.meanRegret ?? 0)) behind"
    }
    return "Their advice is \(NumberText.points(regret)) points\(interval) behind the best "
      + "strategy on average\(scoredPlaces.share(of: table))\(tuned ?? "")\(rival ?? "")."
  }

  /// The regret of every advisor that learns from measurements and covers all scored places, at
  /// similarities and at sizes that it has not seen.
  private var fittedSentence: String? {
    guard validation.scoresFits else {
      return "Advisors that learn from measurements are scored at no more than "
        + "\(MatrixText.counted(Validation.mostFitted.places, "place")), and "
        + "\(MatrixText.counted(Validation.mostFitted.pairs, "pair")) of a place and a strategy."
    }
    let count = validation.scoreboard.cellCount
    let parts = [(HeldOut.similarity, "similarities"), (.trainSize, "sizes")].compactMap {
      heldOut, noun -> String? in
      let scores = validation.scoreboard.scores.filter {
        $0.heldOut == heldOut && $0.cellCount == count && $0.meanRegret != nil
      }.sorted { ($0.meanRegret ?? 0) < ($1.meanRegret ?? 0) }
      guard !scores.isEmpty else { return nil }
      let figures = scores.map { "\($0.policy) \(NumberText.points($0.meanRegret ?? 0))" }
      return "at \(noun) \(figures.joined(separator: ", "))"
    }
    guard !parts.isEmpty else { return nil }
    return "Advisors that learn from measurements, where they have seen none: "
      + parts.joined(separator: "; ") + "."
  }
}
