/// Figures over many runs on many tasks (Agarwal, Schwarzer, Castro, Courville and Bellemare, "Deep
/// Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS 2021, and its library
/// rliable).
package enum Aggregates {
  /// The mean of the middle half: ⌊n / 4⌋ values are cut off at each end.
  ///
  /// `nil` for no values.
  package static func interquartileMean(_ values: [Double]) -> Double? {
    let cut = values.count / 4
    return Statistics.mean(Array(values.sorted().dropFirst(cut).dropLast(cut)))
  }

  /// By how much scores fail to reach a target on average; what is above it does not make up.
  ///
  /// `nil` for no scores. The target minus the mean of min(score, target).
  package static func optimalityGap(_ scores: [Double], target: Double) -> Double? {
    Statistics.mean(scores.map { min($0, target) }).map { target - $0 }
  }

  /// How likely a run of X is to score higher than a run of Y on a task drawn at random, ties
  /// counting half; 0.5 where neither is better.
  ///
  /// The Mann–Whitney statistic over the number of pairs of runs, averaged over tasks.
  ///
  /// - Parameters:
  ///   - scores: Per task the runs of X; tasks without runs on either side take no part.
  ///   - others: Per task the runs of Y, as many tasks.
  package static func probabilityOfImprovement(
    _ scores: [[Double]], over others: [[Double]]
  ) -> Double? {
    // Our own contract: tasks are matched by the caller.
    precondition(scores.count == others.count)
    return Statistics.mean(
      zip(scores, others).compactMap { runs, rivals in
        guard !runs.isEmpty, !rivals.isEmpty else { return nil }
        let wins = runs.reduce(0.0) { sum, run in
          sum + rivals.reduce(0.0) { $0 + (run > $1 ? 1 : run == $1 ? 0.5 : 0) }
        }
        return wins / Double(runs.count * rivals.count)
      })
  }
}
