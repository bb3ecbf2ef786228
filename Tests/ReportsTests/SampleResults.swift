import Analysis
import Records
import Reports

/// Made-up results for tests, with values like those of a sweep.
enum SampleResults {
  /// Mean accuracy in percent per strategy, for each row.
  private static let accuracies: [String: [Double]] = [
    "high 100": [85.6, 81.3, 79.9, 10.8], "high 1000": [99, 99.4, 99.3, 17.5],
    "high 20000": [99.5, 100, 100, 99.1], "low 100": [10.4, 10.4, 10.8, 11.9],
    "low 1000": [12.3, 15.2, 13.7, 19.3], "low 20000": [15.3, 38.2, 73.3, 96.6],
  ]
  private static let seconds: [Double] = [0.04, 1.93, 2.9, 3.15]

  /// Two similarities by three sizes with every strategy, complete or with failed and missing runs.
  static func report(
    replicates: Int = 3, limits: [PlanLimit] = [], isComplete: Bool = true
  ) -> MatrixReport {
    let results = results(replicates: replicates, limits: limits, isComplete: isComplete)
    return MatrixReport(results: results, rows: RowVerdict.all(of: results))
  }

  /// The results that ``report(replicates:limits:isComplete:)`` is of.
  static func results(
    replicates: Int = 3, limits: [PlanLimit] = [], isComplete: Bool = true
  ) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.high, .low], trainSizes: [100, 1_000, 20_000],
      arms: Arm.taught, replicates: replicates, limits: limits,
      weightsDigest: "5eed")
    let cells = plan.runKeys.compactMap { key in isComplete ? cell(key) : incomplete(key) }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }

  private static func cell(_ key: RunKey) -> RunResult {
    let column = Arm.taught.firstIndex(of: key.arm) ?? 0
    let mean = accuracies["\(key.similarity.label) \(key.trainSize)"]?[column] ?? 50
    let spread = [-0.6, 0.2, 0.4, 0.1][key.replicate % 4] * Double(1 + column) * min(1, 100 - mean)
    let scale = Double(key.trainSize) / 1_000
    return RunResult(
      key: key,
      outcome: .completed(
        Measurement(
          accuracy: ((mean + spread) * 20).rounded() / 2_000, logLoss: 0.25, trainAccuracy: 0.998,
          wallSeconds: seconds[column] * scale * 1.25, cpuSeconds: seconds[column] * scale,
          flops: 2.5e11, peakBytes: 12_345_678, trainableParameters: 64_970,
          totalParameters: 74_410, epochs: 25, history: [])))
  }

  /// One strategy that failed everywhere in a row, one with a failed replicate, and a missing row.
  private static func incomplete(_ key: RunKey) -> RunResult? {
    if key.similarity == .low, key.trainSize == 20_000 { return nil }
    let isFailed =
      key.similarity == .high && key.trainSize == 100
      && (key.arm == .fineTuning || key.arm == .featureExtraction && key.replicate == 1)
    let reason = "cannot train \"\(key.arm.name)\": the loss is not finite\n  Lower the rate."
    return isFailed ? RunResult(key: key, outcome: .failed(reason: reason)) : cell(key)
  }

  private static let provenance = Provenance(
    toolVersion: "1.0.0", commandLine: "tlbench sweep", processor: "", libraries: [],
    finishedAt: "2025-01-01T00:00:00Z", jobs: 2, wallSeconds: 100, taskDigests: [:])
}
