import Analysis
import Records
import RealModule

/// Matrices whose true accuracies are known.
enum SampleMatrix {
  static let sizes = [100, 300, 1_000, 3_000, 10_000, 30_000]
  static let similarities = ["0", "0.25", "0.5", "0.75", "1"].compactMap { Similarity($0) }

  /// Results with the accuracies of a function of decimal log size, similarity and strategy, ± a
  /// tenth of a point by replicate.
  static func results(
    arms: [Arm] = [.featureExtraction, .fineTuning, .fromScratch], sizes: [Int] = sizes,
    similarities: [Similarity] = similarities, replicates: Int = 5,
    seconds: [Arm: Double] = [:], processor: String = "a", classCount: Int? = nil,
    splitRatio: Double? = nil, keeping isKept: (RunKey) -> Bool = { _ in true },
    _ accuracy: (Double, Double, Arm) -> Double
  ) -> SweepResults {
    var plan = SweepPlan(
      architecture: "medium", similarities: similarities, trainSizes: sizes, arms: arms,
      replicates: replicates, weightsDigest: "5eed")
    plan.splitRatio = splitRatio
    let cells = plan.runKeys.filter(isKept).map { key in
      let noise = 0.001 * (Double(key.replicate) - Double(replicates - 1) / 2)
      let mean = accuracy(
        Double.log10(Double(key.trainSize)), key.similarity.value ?? 0, key.arm)
      return result(key, min(max(mean + noise, 0), 1), seconds: seconds[key.arm] ?? 1)
    }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: processor, libraries: [], finishedAt: "",
        jobs: 1, wallSeconds: 1, taskDigests: [:], classCount: classCount),
      cells: cells)
  }

  /// A run of a gigaflop per second.
  static func result(_ key: RunKey, _ accuracy: Double, seconds: Double = 1) -> RunResult {
    RunResult(
      key: key,
      outcome: .completed(
        Measurement(
          accuracy: accuracy, logLoss: 0.5, trainAccuracy: 1, wallSeconds: seconds,
          cpuSeconds: seconds, flops: 1e9 * seconds, peakBytes: 1_000, trainableParameters: 10,
          totalParameters: 20, epochs: 3, history: [])))
  }

  /// Feature extraction by similarity alone, from scratch by size alone, fine-tuning between.
  static func typical(_ logSize: Double, _ similarity: Double, _ arm: Arm) -> Double {
    let growth = 1 / (1 + Double.exp(-4 * (logSize - 3.6)))
    switch arm.name {
    case "feature-extraction": return 0.1 + 0.85 * similarity * similarity
    case "from-scratch": return 0.1 + 0.88 * growth
    default:
      return 0.1 + 0.8 * similarity * similarity + (0.88 - 0.8 * similarity * similarity) * 0.7
        * growth
    }
  }
}
