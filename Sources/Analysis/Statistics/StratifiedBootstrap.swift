/// The percentile bootstrap of a figure over tasks: runs are resampled within each task, so that
/// every resample has all tasks (Agarwal et al., NeurIPS 2021, section 4).
package enum StratifiedBootstrap {
  /// The interval of a statistic, or `nil` where a task has no runs or the statistic no value.
  ///
  /// 10,000 resamples are drawn.
  ///
  /// - Parameters:
  ///   - runs: The values per task.
  ///   - confidence: Strictly between 0 and 1.
  ///   - seed: Seed of the draws. The same arguments always give the same interval.
  package static func interval(
    _ runs: [[Double]], confidence: Double = 0.95, seed: UInt64,
    statistic: ([[Double]]) -> Double?
  ) -> ConfidenceInterval? {
    guard !runs.isEmpty, runs.allSatisfy({ !$0.isEmpty }) else { return nil }
    var generator = SplitMix64(seed: seed)
    var sample = runs
    var resampled: [Double] = []
    resampled.reserveCapacity(Bootstrap.resamples)
    for _ in 0..<Bootstrap.resamples {
      for task in runs.indices {
        for run in runs[task].indices {
          sample[task][run] = runs[task][generator.next(below: runs[task].count)]
        }
      }
      guard let value = statistic(sample) else { return nil }
      resampled.append(value)
    }
    resampled.sort()
    return ConfidenceInterval(
      lower: Statistics.quantile(sorted: resampled, (1 - confidence) / 2),
      upper: Statistics.quantile(sorted: resampled, (1 + confidence) / 2))
  }
}
