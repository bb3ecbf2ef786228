import Analysis
import Records

/// Results written as percentages per replicate, for tests.
enum SampleSweep {
  /// One row at the given place: accuracies in percent per arm, `nil` for a cell that failed.
  ///
  /// Every cell takes `seconds[arm]` CPU seconds, 1 where nothing is said.
  static func row(
    _ accuracies: KeyValuePairs<Arm, [Double?]>, similarity: Similarity = .medium,
    trainSize: Int = 1_000, seconds: [Arm: Double] = [:]
  ) -> RowVerdict {
    let arms = accuracies.map { arm, values in
      let cells = values.enumerated().map { replicate, value in
        result(
          CellKey(similarity: similarity, trainSize: trainSize, arm: arm, replicate: replicate),
          value, seconds: seconds[arm] ?? 1)
      }
      return ArmSummary(arm: arm, cells: cells)
    }
    return RowVerdict(
      MatrixCell(place: MatrixPlace(similarity: similarity, trainSize: trainSize), arms: arms))
  }

  static func result(_ key: CellKey, _ percent: Double?, seconds: Double = 1) -> CellResult {
    guard let percent else {
      return CellResult(key: key, outcome: .failed(reason: "the loss is not finite"))
    }
    return CellResult(
      key: key,
      outcome: .completed(
        Measurement(
          accuracy: percent / 100, logLoss: 0.5, trainAccuracy: 1, wallSeconds: seconds,
          cpuSeconds: seconds, flops: 1e9, peakBytes: 1_000, trainableParameters: 10,
          totalParameters: 20, epochs: 3, history: [])))
  }
}
