import RealModule

/// The choice among the arms at one place.
struct ArmChoice {
  let predictions: [ArmPrediction]
  /// The arm that the criteria pick, as far as can be told.
  let favourite: Int
  /// The same where the asked for confidence is reached; `nil` otherwise.
  let decided: Int?
  /// The arms that may meet the criteria, the likeliest first, at least two where there are.
  let leading: [Int]
  /// How many replicates would tell the two leading arms apart.
  let replicatesNeeded: Int

  init(
    _ model: AccuracyModel, at place: SurfacePoint, criteria: AdviceCriteria, count: Int,
    seed: UInt64
  ) {
    let grid = model.grid
    let expected = model.expected(at: [place])[0]
    let measured = expected.indices.filter { expected[$0] != nil }
    let rule = ChoiceRule(
      criteria, costs: CostModel(grid: grid).order(at: place, measured))
    let draws = model.draws(at: [place], count: count, seed: seed)?.map { $0[0] }
    let tallies = expected.indices.map { arm in Tally(arm, draws, rule) }
    let costs = CostModel(grid: grid).costs(at: place)
    predictions = measured.map { arm in
      ArmPrediction(
        arm: grid.arms[arm], accuracy: expected[arm] ?? 0,
        interval: tallies[arm].interval, bestProbability: tallies[arm].best,
        sufficientProbability: tallies[arm].sufficient, cpuSeconds: costs[arm].cpuSeconds,
        flops: costs[arm].flops)
    }
    let sufficient = measured.filter { (tallies[$0].sufficient ?? 0) >= criteria.confidence }
    let top = rule.choice(expected)
    switch criteria.preference {
    case .accuracy:
      // Of arms that are practically alike, one may be sure to suffice and another one not.
      decided = sufficient.contains(top) ? top : rule.best(of: sufficient, expected)
    case .balanced, .cheap: decided = rule.cheapest(of: sufficient)
    }
    favourite = decided ?? top
    let likely = measured.sorted {
      (tallies[$0].sufficient ?? 0, expected[$0] ?? 0)
        > (tallies[$1].sufficient ?? 0, expected[$1] ?? 0)
    }
    let first = Array(likely.prefix(2))
    leading = first + likely.dropFirst(2).filter { (tallies[$0].sufficient ?? 0) >= 0.1 }
    replicatesNeeded = Self.replicates(of: first, in: grid, at: place, margin: criteria.margin)
  }

  /// What the draws say of one arm.
  private struct Tally {
    var interval: ConfidenceInterval?
    var best: Double?
    var sufficient: Double?

    init(_ arm: Int, _ draws: [[Double?]]?, _ rule: ChoiceRule) {
      guard let draws else { return }
      let values = draws.compactMap { $0[arm] }.sorted()
      guard values.count == draws.count, !values.isEmpty else { return }
      interval = ConfidenceInterval(
        lower: Statistics.quantile(sorted: values, 0.025),
        upper: Statistics.quantile(sorted: values, 0.975))
      var wins = 0.0
      for draw in draws {
        guard let most = draw.compactMap({ $0 }).max(), draw[arm] == most else { continue }
        // Arms that share the first place share the win.
        wins += 1 / Double(draw.count { $0 == most })
      }
      best = wins / Double(draws.count)
      sufficient = Double(draws.count { rule.isSufficient(arm, $0) }) / Double(draws.count)
    }
  }

  /// How many pairs give the difference of two arms an interval of ± the margin, 5...50.
  private static func replicates(
    of arms: [Int], in grid: AccuracyGrid, at place: SurfacePoint, margin: Double
  ) -> Int {
    let spreads = grid.places.compactMap { cell -> (distance: Double, spread: Double)? in
      guard arms.count == 2 else { return nil }
      let pairs = zip(cell.accuracies[arms[0]], cell.accuracies[arms[1]]).compactMap {
        first, second in first.flatMap { first in second.map { 100 * (first - $0) } }
      }
      let size = (cell.point.logSize - place.logSize) / 0.5
      let similarity = (cell.point.similarity - place.similarity) / 0.25
      return Statistics.standardDeviation(pairs).map {
        (size * size + similarity * similarity, $0)
      }
    }
    guard let spread = spreads.min(by: { $0.distance < $1.distance })?.spread else { return 5 }
    let needed = (5...50).first { count in
      StudentT.quantile(0.975, degreesOfFreedom: Double(count - 1)) * spread
        / Double.sqrt(Double(count)) <= margin
    }
    return needed ?? 50
  }
}

/// Picks an arm by accuracies that are taken for true.
struct ChoiceRule {
  private let criteria: AdviceCriteria
  private let costs: [Double?]

  init(_ criteria: AdviceCriteria, costs: [Double?]) {
    self.criteria = criteria
    self.costs = costs
  }

  /// Whether an arm loses no more than allowed.
  func isSufficient(_ arm: Int, _ accuracies: [Double?]) -> Bool {
    guard let own = accuracies[arm], let best = accuracies.compactMap({ $0 }).max() else {
      return false
    }
    return own >= best - criteria.allowedLoss - 1e-9
  }

  /// The arm that the preference picks; the first one among equals.
  func choice(_ accuracies: [Double?]) -> Int {
    let known = accuracies.indices.filter { accuracies[$0] != nil }
    let best = best(of: known, accuracies) ?? 0
    guard criteria.preference != .accuracy else { return best }
    return cheapest(of: known.filter { isSufficient($0, accuracies) }) ?? best
  }

  /// The most accurate of some arms, the first one among equals; `nil` for none.
  func best(of arms: [Int], _ accuracies: [Double?]) -> Int? {
    arms.reduce(arms.first) { best, arm in
      best.flatMap { (accuracies[arm] ?? 0) > (accuracies[$0] ?? 0) ? arm : $0 }
    }
  }

  /// `nil` for no arms; one of unknown cost counts as the dearest.
  func cheapest(of arms: [Int]) -> Int? {
    arms.min { (costs[$0] ?? .infinity) < (costs[$1] ?? .infinity) }
  }
}
