import Records

import Analysis

/// Simulated races: strategies with known accuracies, whose results on examples are correlated.
struct RaceSimulation {
  /// The accuracy of each strategy; the last one is guessing.
  let truth: [Double]
  private let table: RaceTable

  /// - Parameters:
  ///   - labels: the number of examples, in five folds.
  ///   - spread: the standard deviation of the strategies around a common accuracy.
  ///   - learns: whether any strategy is better than guessing.
  init(labels: Int, strategies: Int, spread: Double, learns: Bool = true, seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let base = 0.4 + 0.55 * generator.uniform()
    let guess = 0.1
    let truth =
      (0..<strategies).map { _ in
        learns ? min(max(base + spread * generator.normal(), 0.05), 0.995) : guess
      } + [guess]
    let run = RunSpread.expected(size: labels)
    // Per fold, what the training makes of each strategy.
    let effective = (0..<5).map { _ in
      truth.dropLast().map { min(max($0 + run * generator.normal(), 0.01), 0.999) } + [guess]
    }
    let rows = (0..<labels).map { example in
      let common = generator.normal() * 0.6.squareRoot()
      return effective[example % 5].map { accuracy in
        Normal.upperTail(common + generator.normal() * 0.4.squareRoot()) < accuracy
      }
    }
    self.truth = truth
    table = raceTable(truth.indices.map { entrant in rows.map { $0[entrant] } }, folds: 5)
  }

  /// What a race with the rules says, and the number of trainings that it took.
  func run(_ rules: RaceRules, seed: UInt64) -> (answer: RaceAnswer, pieces: Int)? {
    var alive = Set(truth.indices)
    var has = [Int](repeating: 0, count: truth.count)
    for fold in 1...5 {
      for entrant in alive { has[entrant] = fold }
      let part = table(with: has)
      guard let posterior = RacePosterior(part) else { return nil }
      let standings = RaceStanding.standings(
        posterior, allowedLoss: rules.criteria.allowedLoss,
        draws: posterior.draws(1_000, seed: seed))
      alive.subtract(rules.dropped(standings, alive: alive))
      guard fold >= RaceRules.fewestFolds, fold < 5 else { continue }
      let isDecided = standings.contains { rules.isDecided($0, foldCount: fold) }
      let saving = rules.expectedSaving(posterior, alive: alive, foldCount: fold)
      if isDecided || saving < rules.leastSaving { break }
    }
    let answer = RaceAnswer(
      table(with: has), rules: rules, guess: truth.count - 1, costs: [:], seed: seed)
    return answer.map { ($0, has.reduce(0, +)) }
  }

  private func table(with has: [Int]) -> RaceTable {
    RaceTable(
      folds: table.folds, labels: table.labels,
      entrants: table.entrants.enumerated().map { index, entrant in
        RaceTable.Entrant(
          name: entrant.name, correct: entrant.correct.filter { $0.key < has[index] })
      })
  }
}
