import Analysis
import Records

/// Results written as percentages per replicate, for tests.
enum SampleSweep {
  /// One row at the given place: accuracies in percent per strategy, `nil` for a failed run.
  ///
  /// Every run takes `seconds[arm]` CPU seconds (default: 1).
  static func row(
    _ accuracies: KeyValuePairs<Arm, [Double?]>, similarity: Similarity = .medium,
    trainSize: Int = 1_000, seconds: [Arm: Double] = [:]
  ) -> RowVerdict {
    let arms = accuracies.map { arm, values in
      let cells = values.enumerated().map { replicate, value in
        result(
          RunKey(similarity: similarity, trainSize: trainSize, arm: arm, replicate: replicate),
          value, seconds: seconds[arm] ?? 1)
      }
      return ArmSummary(arm: arm, cells: cells)
    }
    return RowVerdict(
      MatrixCell(place: MatrixPlace(similarity: similarity, trainSize: trainSize), arms: arms))
  }

  static func result(_ key: RunKey, _ percent: Double?, seconds: Double = 1) -> RunResult {
    guard let percent else {
      return RunResult(key: key, outcome: .failed(reason: "the loss is not finite"))
    }
    return RunResult(
      key: key,
      outcome: .completed(
        Measurement(
          accuracy: percent / 100, logLoss: 0.5, trainAccuracy: 1, wallSeconds: seconds,
          cpuSeconds: seconds, flops: 1e9, peakBytes: 1_000, trainableParameters: 10,
          totalParameters: 20, epochs: 3, history: [])))
  }
}
