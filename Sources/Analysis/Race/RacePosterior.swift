import RealModule

/// What is known about the accuracies of strategies after some folds: a normal distribution.
///
/// Every fold is an observation of the accuracies of the strategies that have it. Its errors are
/// those of the fold's examples, with the covariance that the strategies' results have over
/// examples (so that examples that are hard for all of them cancel in differences), and those of
/// the single trainings (``RunSpread``). The prior knows next to nothing: a common accuracy with a
/// standard deviation of 50 points, and strategies that differ from it by 25 points. A strategy
/// that was dropped keeps what its folds said.
package struct RacePosterior: Sendable {
  /// The strategies of the table that have a fold, in its order.
  package let entrants: [Int]
  /// Expected accuracies, of `entrants`.
  package let mean: [Double]
  /// The covariance of the accuracies, `[entrants][entrants]`.
  package let covariance: [[Double]]
  /// The variance of one training.
  package let runVariance: Double

  private static let common = 0.25
  private static let own = 0.25 * 0.25

  /// The posterior of a race; `nil` if no strategy has a fold.
  package init?(_ table: RaceTable) {
    let entrants = table.entrants.indices.filter { !table.entrants[$0].correct.isEmpty }
    guard !entrants.isEmpty else { return nil }
    let places = Dictionary(uniqueKeysWithValues: entrants.enumerated().map { ($1, $0) })
    let count = entrants.count
    let runVariance = RunSpread.variance(of: table, entrants: entrants)
    let seen = table.folds.indices.filter { fold in
      entrants.contains { table.entrants[$0].correct[fold] != nil }
    }
    let seenCount = Double(seen.reduce(0) { $0 + table.folds[$1].count })

    let prior = (0..<count).map { row in
      (0..<count).map { Self.common + (row == $0 ? Self.own : 0) }
    }
    var precision = PositiveMatrix(prior).inverse()
    var weighted = [Double](repeating: 0, count: count)
    for fold in seen {
      let present = entrants.filter { table.entrants[$0].correct[fold] != nil }
      let size = Double(table.folds[fold].count)
      var errors = table.covariance(of: present).map { $0.map { $0 / size } }
      // Half an example, so that strategies without any error are not certain.
      for place in present.indices {
        errors[place][place] += 0.25 / (seenCount * size) + runVariance
      }
      let information = PositiveMatrix(errors).inverse()
      let observed = present.map { Statistics.mean(table.scores(of: $0, in: [fold])) ?? 0 }
      for (row, entrant) in present.enumerated() {
        guard let target = places[entrant] else { continue }
        for (column, other) in present.enumerated() {
          guard let source = places[other] else { continue }
          precision[target][source] += information[row][column]
          weighted[target] += information[row][column] * observed[column]
        }
      }
    }
    let solved = PositiveMatrix(precision)
    self.entrants = entrants
    covariance = solved.inverse()
    mean = solved.solve(weighted)
    self.runVariance = runVariance
  }

  /// The variance of the difference of two of `entrants`, given by their places in it.
  package func differenceVariance(_ first: Int, _ second: Int) -> Double {
    max(
      0,
      covariance[first][first] + covariance[second][second] - 2 * covariance[first][second])
  }

  /// Random accuracies of `entrants`, one array per draw.
  package func draws(_ count: Int, seed: UInt64) -> [[Double]] {
    let root = PositiveMatrix(covariance)
    var generator = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let normals = mean.map { _ in generator.normal() }
      return zip(mean, root.scaled(normals)).map { $0 + $1 }
    }
  }
}
