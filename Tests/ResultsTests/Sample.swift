import Records

/// A small sweep with every kind of outcome.
enum Sample {
  static let plan = SweepPlan(
    architecture: "medium",
    similarities: [.medium, Similarity("0.1") ?? .low],
    trainSizes: [100, 1000],
    arms: [.featureExtraction, .fromScratch],
    replicates: 3, weightsDigest: "c0ffee")

  static let provenance = Provenance(
    toolVersion: "0.1.0", commandLine: "tlbench sweep --sizes 100,1000", processor: "größer",
    libraries: ["oneDNN 2.6.3", "libhdf5 1.10.8"], finishedAt: "2026-01-02T03:04:05Z", jobs: 2,
    wallSeconds: 12.345678901234567, taskDigests: ["medium-0": "aa", "0.1-0": "bb"])

  static let failedKey = plan.runKeys[5]
  static let missingKeys = [plan.runKeys[0], plan.runKeys[23]]

  /// Metrics that need full precision, different for every run.
  static func measurement(_ index: Int) -> Measurement {
    let number = Double(index)
    var audit = FreezeRecord()
    audit.frozenTensors = index
    audit.frozenDigestBefore = index % 2 == 0 ? "" : "f00d\(index)"
    audit.frozenDigestAfter = audit.frozenDigestBefore
    audit.loadedTensors = 2 * index
    audit.backboneTensors = 40
    audit.loadedLayers = (0..<index % 3).map { "block\($0)_conv1" }
    audit.rates = LearningRates(early: 0, middle: 1e-4 / 3, late: number, head: 1e-3)
    return Measurement(
      accuracy: number / 30, logLoss: index == 7 ? .infinity : 1 / (number + 1 / 3.0),
      trainAccuracy: 1 - number / 31, wallSeconds: number * 0.1, cpuSeconds: number * 0.09,
      flops: number * 1e15 + 1, peakBytes: 1 << 40 + index, trainableParameters: index * 7,
      totalParameters: 1 << 33, epochs: index % 4,
      history: (0..<index % 4).map {
        EpochRecord(
          loss: 1 / (number + Double($0)), accuracy: Double($0) / 7, learningRate: 1e-3 / 3,
          seconds: 0.25, validationLoss: index % 2 == 0 ? nil : 1 / 3.0,
          validationAccuracy: index % 2 == 0 ? nil : 0.7)
      }, audit: audit)
  }

  static func results(
    plan: SweepPlan = plan, provenance: Provenance = provenance,
    adjust: (RunKey, inout Measurement) -> Void = { _, _ in }
  ) -> SweepResults {
    let cells = plan.runKeys.enumerated().compactMap { index, key -> RunResult? in
      if missingKeys.contains(key) { return nil }
      if key == failedKey {
        return RunResult(key: key, outcome: .failed(reason: "loss is not a number, größer"))
      }
      var measurement = measurement(index)
      adjust(key, &measurement)
      return RunResult(key: key, outcome: .completed(measurement))
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }
}
