import RealModule

/// When a race drops strategies and when it ends.
package struct RaceRules: Sendable {
  package let criteria: AdviceCriteria
  /// The expected gain in accuracy, as a fraction, below which another fold is not worth its time.
  package let leastSaving: Double

  /// A decision after a single fold would be right less often than it claims.
  package static let fewestFolds = 2
  /// A strategy is dropped if it is within the margin of the best with less than this probability.
  private static let leastChance = 0.02

  /// - Parameter leastSaving: a fraction (default: 0.2 points).
  package init(_ criteria: AdviceCriteria, leastSaving: Double = 0.002) {
    self.criteria = criteria
    self.leastSaving = leastSaving
  }

  /// The strategies to drop, of those that are still in the race: never the leading one.
  package func dropped(_ standings: [RaceStanding], alive: Set<Int>) -> [Int] {
    let own = standings.filter { alive.contains($0.entrant) }
    let leader = own.min { $0.expectedRegret < $1.expectedRegret }
    return own.filter { $0.within < Self.leastChance && $0.entrant != leader?.entrant }
      .map(\.entrant)
  }

  /// The loss, as a fraction, up to which a cheaper strategy is preferred; 0 if only accuracy
  /// matters.
  var sufficientLoss: Double {
    criteria.preference == .accuracy ? 0 : criteria.allowedLoss / 2
  }

  /// The strategy that the criteria pick.
  ///
  /// For accuracy, that with the lowest expected loss; otherwise the cheapest one whose expected
  /// loss is at most half of what is allowed, if there is one.
  ///
  /// Guessing does not compete: it is advised only where nothing is better.
  ///
  /// - Parameters:
  ///   - costs: of the strategies by their index in the table, in any unit.
  ///   - guess: the index of guessing in the table.
  /// - Returns: the index in the table; `nil` without standings of other strategies.
  package func choice(
    _ standings: [RaceStanding], costs: [Int: Double], guess: Int
  ) -> Int? {
    let standings = standings.filter { $0.entrant != guess }
    let leader = standings.min { $0.expectedRegret < $1.expectedRegret }
    guard criteria.preference != .accuracy else { return leader?.entrant }
    let sufficient = standings.filter { $0.expectedRegret <= sufficientLoss }
    let cheapest = sufficient.min {
      (costs[$0.entrant] ?? .infinity, $0.expectedRegret)
        < (costs[$1.entrant] ?? .infinity, $1.expectedRegret)
    }
    return (cheapest ?? leader)?.entrant
  }

  /// Whether a strategy loses no more than allowed with the required probability, after enough
  /// folds.
  package func isDecided(_ standing: RaceStanding, foldCount: Int) -> Bool {
    foldCount >= Self.fewestFolds && standing.within >= criteria.confidence
  }

  /// The accuracy that another fold for all strategies in the race is expected to gain by changing
  /// the choice, as a fraction: the knowledge gradient (Frazier, Powell and Dayanik, "A
  /// Knowledge-Gradient Policy for Sequential Information Collection", SIAM Journal on Control and
  /// Optimization 47, 2008).
  ///
  /// For the leading strategy and another one, the variance v of their difference after k folds is
  /// taken to become v k / (k + 1).
  ///
  /// - Parameter foldCount: k, at least 1.
  package func expectedSaving(
    _ posterior: RacePosterior, alive: Set<Int>, foldCount: Int
  ) -> Double {
    let places = posterior.entrants.indices.filter { alive.contains(posterior.entrants[$0]) }
    guard let leader = places.max(by: { posterior.mean[$0] < posterior.mean[$1] }) else { return 0 }
    return places.filter { $0 != leader }.map { other in
      let variance = posterior.differenceVariance(leader, other) / Double(foldCount + 1)
      let deviation = Double.sqrt(variance)
      guard deviation > 0 else { return 0 }
      let z = (posterior.mean[leader] - posterior.mean[other]) / deviation
      return deviation * (Normal.density(z) - z * Normal.upperTail(z))
    }.max() ?? 0
  }
}
