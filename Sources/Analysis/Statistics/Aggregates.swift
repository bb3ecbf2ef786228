/// Aggregate metrics over many runs on many tasks (Agarwal, Schwarzer, Castro, Courville and
/// Bellemare, "Deep Reinforcement Learning at the Edge of the Statistical Precipice", NeurIPS 2021,
/// and its library rliable).
package enum Aggregates {
  /// The probability that a run of X scores higher than a run of Y on a task drawn at random, ties
  /// counting half; 0.5 if neither is better.
  ///
  /// The Mann–Whitney statistic over the number of pairs of runs, averaged over tasks.
  ///
  /// - Parameters:
  ///   - scores: The runs of X per task; tasks without runs on either side are ignored.
  ///   - others: The runs of Y per task, for as many tasks.
  package static func probabilityOfImprovement(
    _ scores: [[Double]], over others: [[Double]]
  ) -> Double? {
    // A contract with the caller, which matches the tasks.
    precondition(scores.count == others.count)
    return Statistics.mean(
      zip(scores, others).compactMap { runs, rivals in
        guard !runs.isEmpty, !rivals.isEmpty else { return nil }
        // Both in ascending order, so that no pair of runs has to be compared.
        let sorted = rivals.sorted()
        var (below, upTo, wins) = (0, 0, 0)
        for run in runs.sorted() {
          while below < sorted.count, sorted[below] < run { below += 1 }
          while upTo < sorted.count, sorted[upTo] <= run { upTo += 1 }
          wins += below + upTo
        }
        return Double(wins) / 2 / Double(runs.count * rivals.count)
      })
  }
}
