import Analysis
import Foundation
import Records
import Reports

/// Small results of every kind for pages, with values like those of real ones.
enum PageSamples {
  /// The name of a similarity, a strategy and everything else that comes from files.
  static let hostile = "a<b>\"\u{301} onload=x 'y' ]]>\u{202E}\u{0}\u{1B}&amp;</script><script>"

  static func page(_ results: SweepResults, name: String = "sample.h5") throws -> ReportPage {
    try ReportPage([source(results, name: name)])
  }

  static func source(_ results: SweepResults, name: String = "sample.h5") -> ReportSource {
    ReportSource(name: name, results: results, digest: "5eed5eed")
  }

  /// A sweep of three strategies over two similarities and two sizes.
  static func sweep(
    replicates: Int = 3, gain: Double = 0, isComplete: Bool = true
  ) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [100, 1_000],
      arms: [.featureExtraction, .fineTuning, .fromScratch], replicates: replicates,
      weightsDigest: "5eed")
    let means = [
      "low 100": [0.40, 0.30, 0.12], "low 1000": [0.42, 0.60, 0.9],
      "high 100": [0.9, 0.89, 0.12], "high 1000": [0.95, 0.952, 0.5],
    ]
    return results(plan, isComplete: isComplete) { key, column in
      let mean = means["\(key.similarity.label) \(key.trainSize)"]?[column] ?? 0.5
      return mean + gain
    }
  }

  /// A sweep of two strategies over many similarities and sizes.
  static func large(similarities: Int, sizes: Int) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium",
      similarities: (0..<similarities).map { index in
        .task("s\(index)", value: Double(index) / Double(similarities - 1))
      },
      trainSizes: (1...sizes).map { 100 * $0 }, arms: [.linearProbe, .fromScratch], replicates: 2,
      weightsDigest: "5eed")
    return results(plan) { key, column in
      let similarity = key.similarity.value ?? 0
      return column == 0 ? 0.3 + 0.5 * similarity : 0.2 + 0.00009 * Double(key.trainSize)
    }
  }

  /// A sweep of many strategies over four similarities and two sizes, each strategy worse and
  /// dearer than the one before.
  static func wide(strategies: Int) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium",
      similarities: ([0, 0.25, 0.5, 1] as [Double]).map { .task("s\($0)", value: $0) },
      trainSizes: [100, 1_000],
      arms: (0..<strategies).map { .nameOnly("arm-\($0)") }, replicates: 2, weightsDigest: "5eed")
    let cells = plan.runKeys.enumerated().map { index, key in
      let column = index / plan.replicates % strategies
      var own = measurement(
        0.9 - 0.8 * Double(column) / Double(strategies) + 0.001 * Double(key.replicate),
        column: column, size: key.trainSize, losses: [2, 1])
      own.cpuSeconds = Double(1 + column)
      return RunResult(key: key, outcome: .completed(own))
    }
    return SweepResults(plan: plan, provenance: sweep().provenance, cells: cells)
  }

  /// A comparison on one labelled set.
  ///
  /// - Parameter losses: of every training, by epoch.
  static func comparison(
    name: String = "cats", losses: [Double] = [2, 1, 2 / 3.0]
  ) -> SweepResults {
    var plan = SweepPlan(
      architecture: "medium", similarities: [.task(name)], trainSizes: [50, 100, 200],
      arms: [.featureExtraction, .linearProbe, .fromScratch], replicates: 5, weightsDigest: "5eed")
    plan.splitRatio = 0.25
    return results(plan, losses: losses) { key, column in
      min(0.97, [0.7, 0.72, 0.2][column] + 0.001 * Double(key.trainSize))
    }
  }

  /// A sweep over the freeze depth.
  static func depths() -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.low, .high], trainSizes: [1_000],
      arms: Arm.depthTreatments, depths: [0, 1, 2, 3], replicates: 3, weightsDigest: "5eed")
    return results(plan) { key, column in
      let slope = key.similarity == .high ? 0.1 : -0.1
      return 0.6 + slope * Double(key.depth ?? 0) * (column == 0 ? 1 : 0.2)
    }
  }

  /// Results whose every name is hostile.
  static func hostileResults() -> SweepResults {
    let arms = [Arm.nameOnly(hostile), .nameOnly(hostile + "2")]
    var plan = SweepPlan(
      architecture: hostile, similarities: [.task(hostile, value: 0.5), .task(hostile + "!")],
      trainSizes: [10, 100], arms: arms, replicates: 3, weightsDigest: hostile)
    plan.taskGroups = [hostile: hostile]
    return results(plan, words: hostile, isComplete: false) { key, column in
      0.5 + 0.1 * Double(column)
    }
  }

  /// Results of a plan with a mean accuracy per run, and differences between replicates.
  ///
  /// - Parameter isComplete: if not, the last run of every other strategy fails, and one is
  ///   missing.
  private static func results(
    _ plan: SweepPlan, words: String = "tlbench sweep", isComplete: Bool = true,
    losses: [Double] = [2, 1, 2 / 3.0],
    _ mean: (RunKey, Int) -> Double
  ) -> SweepResults {
    let cells = plan.runKeys.enumerated().compactMap { index, key -> RunResult? in
      let column = plan.arms.firstIndex(of: key.arm) ?? 0
      if !isComplete, key.replicate == plan.replicates - 1 {
        if index == plan.replicates - 1 { return nil }
        if column == 1 {
          return RunResult(key: key, outcome: .failed(reason: "\(words) diverged\nLower the rate."))
        }
      }
      let spread = [-0.006, 0.002, 0.004, -0.002, 0.001][key.replicate % 5] * Double(1 + column)
      return RunResult(
        key: key,
        outcome: .completed(
          measurement(
            mean(key, column) + spread, column: column, size: key.trainSize, losses: losses)))
    }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1.0.0", commandLine: words, processor: words, libraries: [words],
        finishedAt: "2026-01-02T03:04:05Z", jobs: 2, wallSeconds: 100, taskDigests: [:],
        classCount: 10),
      cells: cells)
  }

  private static func measurement(
    _ accuracy: Double, column: Int, size: Int, losses: [Double]
  ) -> Records.Measurement {
    var audit = FreezeRecord()
    audit.backboneTensors = 6
    audit.loadedTensors = column == 2 ? 0 : 6
    audit.frozenDigestBefore = column == 0 ? "same" : ""
    audit.frozenDigestAfter = audit.frozenDigestBefore
    let history = losses.map { loss in
      EpochRecord(loss: loss, accuracy: 0.5, learningRate: 1e-3, seconds: 1)
    }
    let seconds = [0.04, 1.9, 3.2][column % 3] * Double(size) / 1_000
    return Measurement(
      accuracy: accuracy, logLoss: 0.5, trainAccuracy: 0.99, wallSeconds: seconds,
      cpuSeconds: seconds, flops: 1e9 * (1 + Double(column)), peakBytes: 1 << 20,
      trainableParameters: 10, totalParameters: 20, epochs: 3, history: history, audit: audit)
  }
}
