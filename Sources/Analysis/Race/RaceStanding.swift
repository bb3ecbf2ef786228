/// How a strategy stands in a race, over draws from the posterior.
package struct RaceStanding: Sendable, Hashable, Codable {
  /// The strategy's index in the table.
  package let entrant: Int
  /// The expected accuracy, 0...1.
  package let mean: Double
  /// The probability that no strategy of the race is better by more than the allowed loss.
  package let within: Double
  /// The probability that the strategy is the best one.
  package let best: Double
  /// The expected loss to the best strategy, as a fraction.
  package let expectedRegret: Double
  /// The loss to the best strategy that is not exceeded with 95 % probability, as a fraction.
  package let bound: Double

  package init(
    entrant: Int, mean: Double, within: Double, best: Double, expectedRegret: Double, bound: Double
  ) {
    self.entrant = entrant
    self.mean = mean
    self.within = within
    self.best = best
    self.expectedRegret = expectedRegret
    self.bound = bound
  }

  /// The number of draws: a probability of 95 % is known to 0.7 points with 95 % confidence.
  private static let drawCount = 4_000

  /// The standings of all strategies that have a fold, in the order of the table, while the race
  /// runs and at its end.
  ///
  /// - Parameter seed: of the draws, on which all probabilities and losses rest.
  package static func standings(
    _ posterior: RacePosterior, rules: RaceRules, seed: UInt64
  ) -> [RaceStanding] {
    standings(
      posterior, allowedLoss: rules.criteria.allowedLoss,
      draws: posterior.draws(drawCount, seed: seed))
  }

  /// The standings over given draws.
  ///
  /// - Parameters:
  ///   - allowedLoss: the loss that counts as none, as a fraction.
  ///   - draws: random accuracies of the posterior's strategies, at least one.
  package static func standings(
    _ posterior: RacePosterior, allowedLoss: Double, draws: [[Double]]
  ) -> [RaceStanding] {
    let most = draws.map { $0.max() ?? 0 }
    let count = Double(draws.count)
    return posterior.entrants.indices.map { place in
      let losses = zip(most, draws).map { $0 - $1[place] }
      return RaceStanding(
        entrant: posterior.entrants[place], mean: posterior.mean[place],
        within: Double(losses.count { $0 <= allowedLoss }) / count,
        best: Double(losses.count { $0 == 0 }) / count,
        expectedRegret: losses.reduce(0, +) / count,
        bound: Statistics.quantile(losses, 0.95) ?? 0)
    }
  }
}
