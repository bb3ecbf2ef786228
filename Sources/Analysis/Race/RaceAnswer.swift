import RealModule

/// What a race says: the strategy to use, how sure that is, and how good the strategy is.
package struct RaceAnswer: Sendable, Hashable, Codable {
  /// The strategies with results, in the order of the table.
  package let standings: [RaceStanding]
  /// The standing of the strategy to use.
  package let choice: RaceStanding
  /// The best of the other strategies; `nil` if there is no other.
  package let runnerUp: RaceStanding?
  /// The expected loss of the runner-up to the choice with its 95 % interval, as fractions.
  package let runnerUpLoss: Loss?
  /// How many folds the choice has.
  package let foldCount: Int
  /// Whether the choice meets the criteria with the required probability.
  package let isDecided: Bool
  /// Whether no strategy is shown to be better than guessing.
  package let isGuessing: Bool
  /// The accuracy of the choice, corrected for the choice.
  package let accuracy: SelectionCorrection
  /// The smallest difference of two strategies that the labels can show, as a fraction.
  package let resolution: Double

  /// How much accuracy a strategy loses to the choice, as fractions.
  package struct Loss: Sendable, Hashable, Codable {
    package let mean: Double
    /// The 95 % interval.
    package let interval: ConfidenceInterval
  }

  /// - Parameters:
  ///   - guess: the index of the strategy that always names the most frequent class.
  ///   - costs: of the strategies by their index, in any unit.
  ///   - seed: of the draws.
  ///   - repetitions: of the correction for the choice (default: 1,000, and for large races fewer).
  /// - Returns: `nil` if no strategy has a fold.
  package init?(
    _ table: RaceTable, rules: RaceRules, guess: Int, costs: [Int: Double], seed: UInt64,
    repetitions: Int? = nil
  ) {
    guard let posterior = RacePosterior(table) else { return nil }
    standings = RaceStanding.standings(posterior, rules: rules, seed: seed)
    let isGuessing = Self.isGuessing(posterior, guess: guess)
    let picked = isGuessing ? guess : rules.choice(standings, costs: costs, guess: guess)
    guard let choice = standings.first(where: { $0.entrant == picked }),
      let accuracy = SelectionCorrection(
        isGuessing ? table.only(guess) : table,
        choosing: SelectionCorrection.Choice(
          entrant: choice.entrant, sufficientLoss: rules.sufficientLoss, costs: costs,
          excluded: isGuessing ? nil : guess),
        runVariance: posterior.runVariance,
        repetitions: repetitions ?? Self.repetitions(table), seed: seed)
    else { return nil }
    self.isGuessing = isGuessing
    self.choice = choice
    self.accuracy = accuracy
    foldCount = table.folds(of: choice.entrant).count
    isDecided = !isGuessing && rules.isDecided(choice, foldCount: foldCount)
    let others = standings.filter { $0.entrant != choice.entrant }
    let second = others.min { $0.expectedRegret < $1.expectedRegret }
    runnerUp = second
    let own = posterior.entrants.firstIndex(of: choice.entrant) ?? 0
    runnerUpLoss = second.flatMap { second in
      posterior.entrants.firstIndex(of: second.entrant).map { place in
        let mean = posterior.mean[own] - posterior.mean[place]
        let half = 1.96 * Double.sqrt(posterior.differenceVariance(own, place))
        return Loss(
          mean: mean, interval: ConfidenceInterval(lower: mean - half, upper: mean + half))
      }
    }
    let disagreement =
      second.flatMap { table.disagreement(choice.entrant, $0.entrant) } ?? 0.25
    resolution =
      1.96
      * Double.sqrt(
        max(disagreement, 1 / Double(table.labels.count))
          / Double(table.labels.count))
  }

  /// So many repetitions that the correction takes about a second, but at least 100.
  static func repetitions(_ table: RaceTable) -> Int {
    min(max(200_000_000 / (table.labels.count * table.entrants.count), 100), 1_000)
  }

  /// Whether no strategy is shown to be better than guessing.
  private static func isGuessing(_ posterior: RacePosterior, guess: Int) -> Bool {
    guard let place = posterior.entrants.firstIndex(of: guess) else { return false }
    let others = posterior.entrants.indices.filter { $0 != place }
    let leads = others.map { other in
      (
        mean: posterior.mean[other] - posterior.mean[place],
        variance: posterior.differenceVariance(other, place)
      )
    }
    return PlaceStrength(leads: leads) == .nothingLearns
  }
}

extension RaceTable {
  /// The table with the results of one strategy alone.
  fileprivate func only(_ entrant: Int) -> RaceTable {
    RaceTable(
      folds: folds, labels: labels,
      entrants: entrants.indices.map {
        Entrant(name: entrants[$0].name, correct: $0 == entrant ? entrants[$0].correct : [:])
      }, metric: metric)
  }
}
