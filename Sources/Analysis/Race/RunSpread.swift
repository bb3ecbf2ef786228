import RealModule

/// How much the accuracy of one strategy varies from training to training beyond the chance of its
/// test examples.
package enum RunSpread {
  /// The weight of the expected value, as a number of observed deviations.
  private static let priorWeight = 6.0

  /// Expected standard deviations by number of labels, in points of accuracy.
  private static let expected: [(size: Double, points: Double)] = [
    (100, 2.5), (300, 2.0), (1_000, 1.2), (3_000, 0.8), (10_000, 0.4), (30_000, 0.2),
  ]

  /// The standard deviation to expect before anything is measured, as a fraction: linear in the
  /// logarithm of the number of labels, and constant beyond 100 and 30,000.
  package static func expected(size: Int) -> Double {
    let place = Double.log(Double(max(size, 1)))
    let table = expected.map { (place: Double.log($0.size), points: $0.points) }
    guard let above = table.firstIndex(where: { $0.place > place }) else {
      return table[table.count - 1].points / 100
    }
    guard above > 0 else { return table[0].points / 100 }
    let (low, high) = (table[above - 1], table[above])
    let share = (place - low.place) / (high.place - low.place)
    return (low.points + share * (high.points - low.points)) / 100
  }

  /// The variance of one training: the expected one, corrected by how much the folds of a strategy
  /// differ more than the chance of their examples explains.
  static func variance(of table: RaceTable, entrants: [Int]) -> Double {
    let prior = expected(size: table.labels.count)
    var sum = priorWeight * prior * prior
    var weight = priorWeight
    for entrant in entrants {
      let folds = table.folds(of: entrant)
      guard folds.count > 1, let mean = table.mean(of: entrant) else { continue }
      for fold in folds {
        let scores = table.scores(of: entrant, in: [fold])
        guard let own = Statistics.mean(scores) else { continue }
        let chance = max(0, mean * (1 - mean)) / Double(scores.count)
        sum += max(0, (own - mean) * (own - mean) - chance)
      }
      weight += Double(folds.count - 1)
    }
    return sum / weight
  }
}
