import Records
import Sweep

/// Cells and measurements for tests; what they hold does not matter to a sweep.
enum SampleCells {
  /// Distinct keys, numbered by their replicate.
  static func keys(_ count: Int) -> [CellKey] {
    (0..<count).map {
      CellKey(similarity: .high, trainSize: 1_000, arm: .fineTuning, replicate: $0)
    }
  }

  static func measurement(accuracy: Double = 0.9934, wallSeconds: Double = 2.06) -> Measurement {
    Measurement(
      accuracy: accuracy, logLoss: 0.1, trainAccuracy: 1, wallSeconds: wallSeconds, cpuSeconds: 2,
      flops: 1e9, peakBytes: 1, trainableParameters: 1, totalParameters: 1, epochs: 1, history: [])
  }

  static func completed(_ key: CellKey) -> SweepEvent {
    .finished(CellResult(key: key, outcome: .completed(measurement())))
  }

  static func failed(_ key: CellKey, _ reason: String = "broken") -> SweepEvent {
    .finished(CellResult(key: key, outcome: .failed(reason: reason)))
  }
}
