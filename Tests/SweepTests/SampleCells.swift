import Records
import Sweep

/// Runs and measurements for tests; their content does not matter to a sweep.
enum SampleCells {
  /// Distinct keys, numbered by their replicate.
  static func keys(_ count: Int) -> [RunKey] {
    (0..<count).map {
      RunKey(similarity: .high, trainSize: 1_000, arm: .fineTuning, replicate: $0)
    }
  }

  static func measurement(accuracy: Double = 0.9934, wallSeconds: Double = 2.06) -> Measurement {
    Measurement(
      accuracy: accuracy, logLoss: 0.1, trainAccuracy: 1, wallSeconds: wallSeconds, cpuSeconds: 2,
      flops: 1e9, peakBytes: 1, trainableParameters: 1, totalParameters: 1, epochs: 1, history: [])
  }

  static func completed(_ key: RunKey) -> SweepEvent {
    .finished(RunResult(key: key, outcome: .completed(measurement())))
  }

  static func failed(_ key: RunKey, _ reason: String = "broken") -> SweepEvent {
    .finished(RunResult(key: key, outcome: .failed(reason: reason)))
  }
}
