import RealModule
import Records

/// The choice among the strategies at one place.
struct ArmDecision {
  let predictions: [ArmPrediction]
  /// The strategy that the criteria pick by the expected accuracies, which are extrapolated if
  /// there is nothing else.
  let favourite: Int
  /// The strategy that meets the criteria with the requested confidence; `nil` if none does.
  let decided: Int?
  /// The strategies that may meet the criteria, the likeliest first, at least two if there are as
  /// many; then those that were not measured around the place.
  let leading: [Int]
  /// Whether no strategy is shown to be better than guessing by more than the margin.
  let nothingLearns: Bool

  /// Decides among the strategies.
  ///
  /// - Parameter chance: The accuracy of guessing, 0...1; `nil` if it is not known.
  init(
    _ forecast: PlaceForecast, _ fitted: FittedMeasurements, at place: SurfacePoint,
    criteria: AdviceCriteria, chance: Double?
  ) {
    let (compared, missing) = (forecast.compared, forecast.missing)
    let isOutside = compared.isEmpty
    let measured = isOutside ? missing : compared
    let rule = ChoiceRule(
      criteria, costs: fitted.costs.order(at: place, measured),
      hasMissing: !isOutside && !missing.isEmpty)
    let expected = isOutside ? forecast.extrapolated : forecast.expected
    let tallies = expected.indices.map { arm in Tally(arm, forecast, rule) }
    let costs = fitted.costs.costs(at: place)
    predictions = expected.indices.filter { forecast.extrapolated[$0] != nil }.map { arm in
      let isKnown = measured.contains(arm)
      return ArmPrediction(
        arm: fitted.arms[arm], accuracy: expected[arm].map { min(max($0, 0), 1) },
        isOutside: !compared.contains(arm), interval: tallies[arm].interval,
        bestProbability: missing.isEmpty ? tallies[arm].best : nil,
        sufficientProbability: tallies[arm].sufficient,
        cpuSeconds: isKnown ? costs[arm].cpuSeconds : nil, flops: isKnown ? costs[arm].flops : nil)
    }
    let sufficient = compared.filter { (tallies[$0].sufficient ?? 0) >= criteria.confidence }
    let top = rule.choice(expected)
    switch criteria.preference {
    // If all are practically equal, accuracy is no reason to pay more for any of them.
    case .accuracy where sufficient.count < compared.count:
      // Of practically equal strategies, one may be sure to suffice and another may not.
      decided = sufficient.contains(top) ? top : rule.best(of: sufficient, expected)
    case .accuracy, .balanced, .cheap: decided = rule.cheapest(of: sufficient)
    }
    let likely = compared.sorted {
      (tallies[$0].sufficient ?? 0, expected[$0] ?? 0)
        > (tallies[$1].sufficient ?? 0, expected[$1] ?? 0)
    }
    let first = Array(likely.prefix(missing.isEmpty ? 2 : 1))
    leading =
      first + likely.dropFirst(first.count).filter { (tallies[$0].sufficient ?? 0) >= 0.1 }
      + missing
    // An accuracy that is forecast may be as high as its interval allows.
    let accuracies = compared.compactMap { arm in
      tallies[arm].interval.map { PlaceStrength.Accuracy(lower: $0.lower, likely: $0.upper) }
    }
    nothingLearns =
      missing.isEmpty && accuracies.count == compared.count
      && PlaceStrength(accuracies, chance: chance, margin: criteria.margin / 100) == .nothingLearns
    favourite = (nothingLearns ? rule.cheapest(of: compared) : decided) ?? top
  }

  /// The statistics of one strategy over the draws.
  private struct Tally {
    var interval: ConfidenceInterval?
    var best: Double?
    var sufficient: Double?

    init(_ arm: Int, _ forecast: PlaceForecast, _ rule: ChoiceRule) {
      guard let draws = forecast.draws else { return }
      let values = draws.compactMap { $0[arm] }.sorted()
      guard values.count == draws.count, !values.isEmpty else { return }
      interval =
        forecast.measuredIntervals[arm]
        ?? ConfidenceInterval(
          lower: Statistics.quantile(sorted: values, 0.025),
          upper: Statistics.quantile(sorted: values, 0.975))
      var wins = 0.0
      for draw in draws {
        guard let most = draw.compactMap({ $0 }).max(), draw[arm] == most else { continue }
        // Strategies that tie for the best share the win.
        wins += 1 / Double(draw.count { $0 == most })
      }
      best = wins / Double(draws.count)
      sufficient = Double(draws.count { rule.isSufficient(arm, $0) }) / Double(draws.count)
    }
  }
}
