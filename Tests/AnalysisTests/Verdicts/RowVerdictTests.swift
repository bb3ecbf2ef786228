import Analysis
import Records
import Testing

@Suite struct RowVerdictTests {
  /// An advised strategy that is far behind in every replicate is refuted.
  @Test func refuted() {
    let row = SampleSweep.row([
      .featureExtraction: [90, 91, 92], .fineTuning: [80, 82, 84], .fromScratch: [20, 21, 22],
    ])
    // Differences 10, 9, 8: mean 9, standard error 1 / √3; at 1.25 % above and 2.5 % below, t with
    // two degrees of freedom is 6.205347 and 4.302653.
    #expect(row.verdict == .refuted)
    #expect(row.regret?.rival == .featureExtraction)
    #expect(isClose(row.regret?.points, 9))
    #expect(isClose(row.regret?.interval?.lower, 9 - 6.205347 / 3.0.squareRoot(), within: 1e-6))
    #expect(isClose(row.regret?.interval?.upper, 9 + 4.302653 / 3.0.squareRoot(), within: 1e-6))
  }

  /// An advised strategy that trails by at most one point in every replicate is supported.
  @Test func supportedWithinMargin() {
    let row = SampleSweep.row([.fineTuning: [98, 97.5, 99], .fineTuningAll: [98.5, 98, 99.25]])
    #expect(row.verdict == .supported)
    #expect(row.best?.arm == .fineTuningAll)
  }

  /// An advised strategy that is the best is compared with the best of the others: the regret is
  /// negative, its lead.
  @Test func supportedAsBest() {
    let row = SampleSweep.row([
      .featureExtraction: [40, 41, 42], .fineTuning: [63, 62, 64],
      .fineTuningAll: [62, 61.5, 62.75],
    ])
    // Differences −1, −0.5, −1.25: mean −11/12, standard error 0.220479.
    #expect(row.verdict == .supported)
    #expect(row.best?.arm == .fineTuning)
    #expect(row.regret?.rival == .fineTuningAll)
    #expect(isClose(row.regret?.points, -11.0 / 12))
    #expect(
      isClose(row.regret?.interval?.upper, -11.0 / 12 + 4.302653 * 0.220479, within: 1e-5))
  }

  /// Being the best on average does not support a rule while the interval reaches past the margin.
  @Test func bestButUndecided() {
    let row = SampleSweep.row([.fineTuning: [70, 60, 70], .fineTuningAll: [65, 62, 66]])
    #expect(row.best?.arm == .fineTuning)
    #expect(row.verdict == .undecided)
  }

  /// One replicate gives a regret without interval, and no decision however large it is.
  @Test func oneReplicate() {
    let row = SampleSweep.row([.fineTuning: [50], .fineTuningAll: [90]])
    #expect(isClose(row.regret?.points, 40))
    #expect(row.regret?.interval == nil)
    #expect(row.verdict == .undecided)
  }

  /// A plan without the advised strategy measures nothing about the rule.
  @Test func advisedArmNotPlanned() {
    let row = SampleSweep.row([.featureExtraction: [90, 91], .fromScratch: [80, 81]])
    #expect(row.verdict == .notMeasured)
    #expect(row.regret == nil)
    #expect(row.costRatio == nil)
    #expect(row.best?.arm == .featureExtraction)
  }

  /// A strategy with the advised one's name but other settings is not the advised one.
  @Test func sameNameOtherSettings() {
    let other = Arm(
      name: Arm.fineTuning.name, strategy: .fineTuning, frozenGroups: [.early],
      learningRates: .uniform(1e-3))
    let row = SampleSweep.row([other: [90, 91], .fromScratch: [80, 81]])
    #expect(row.verdict == .notMeasured)
  }

  /// An advised strategy whose runs all failed is not measured.
  @Test func advisedArmFailed() {
    let row = SampleSweep.row([.fineTuning: [nil, nil], .fromScratch: [80, 81]])
    #expect(row.verdict == .notMeasured)
    #expect(row.advised?.failedCount == 2)
  }

  /// The advised strategy alone has nothing to be compared with.
  @Test func nothingToCompareWith() {
    #expect(SampleSweep.row([.fineTuning: [80, 81]]).verdict == .notMeasured)
  }

  /// Only replicates that both strategies have are compared.
  @Test func missingReplicates() {
    let row = SampleSweep.row([
      .fineTuning: [80, nil, 70, 60], .fineTuningAll: [83, 99, 74, nil],
    ])
    // Replicates 0 and 2: differences 3 and 4.
    #expect(row.regret?.pairCount == 2)
    #expect(isClose(row.regret?.points, 3.5))
    #expect(isClose(row.regret?.interval?.lower, 3.5 - 12.706205 / 2, within: 1e-6))
    #expect(row.verdict == .undecided)
  }

  /// A strategy that shares no replicate with the advised one cannot be its rival.
  @Test func noSharedReplicate() {
    let row = SampleSweep.row([
      .fineTuning: [80, 81, nil], .fineTuningAll: [nil, nil, 99], .fromScratch: [30, 31, 32],
    ])
    #expect(row.regret?.rival == .fromScratch)
  }

  /// The rival is chosen by paired differences, so that a strategy that only has the easy replicate
  /// does not win because of it.
  @Test func rivalIsChosenByPairs() {
    let row = SampleSweep.row([
      .featureExtraction: [nil, nil, 95], .fineTuning: [60, 62, 94], .fineTuningAll: [70, 72, 96],
    ])
    // Feature extraction has the highest mean, 95, but leads by 1, while fine-tuning-all leads by
    // 22/3 on average.
    #expect(row.best?.arm == .featureExtraction)
    #expect(row.regret?.rival == .fineTuningAll)
  }

  /// Among strategies of equal accuracy the advised one is named best.
  @Test func tieGoesToAdvised() {
    let row = SampleSweep.row([.featureExtraction: [90, 70, 80], .fineTuning: [70, 80, 90]])
    #expect(row.best?.arm == .fineTuning)
  }

  /// Among other strategies of equal accuracy the first in plan order is named best.
  @Test func tieGoesToPlanOrder() {
    let row = SampleSweep.row([
      .featureExtraction: [90, 70, 80], .fineTuning: [10, 10, 10], .fromScratch: [70, 80, 90],
    ])
    #expect(row.best?.arm == .featureExtraction)
  }

  /// The cost ratio divides the advised strategy's CPU seconds by those of the best.
  @Test func costRatio() {
    let row = SampleSweep.row(
      [.fineTuning: [80, 81], .fromScratch: [96, 97]],
      seconds: [.fineTuning: 3, .fromScratch: 12])
    #expect(row.costRatio == 0.25)
  }

  /// If the advised strategy is the best the cost ratio is one.
  @Test func costRatioOfBest() {
    let row = SampleSweep.row(
      [.fineTuning: [98, 99], .fromScratch: [96, 97]],
      seconds: [.fineTuning: 3, .fromScratch: 12])
    #expect(row.costRatio == 1)
  }

  /// A similarity between the named levels gets the advice of the nearest one.
  @Test func numericSimilarity() throws {
    let similarity = try #require(Similarity("0.95"))
    let row = SampleSweep.row(
      [.featureExtraction: [80, 81]], similarity: similarity, trainSize: 100)
    #expect(row.advice?.rule == .smallHigh)
  }

  /// A sweep has one row per similarity and size in plan order, with the runs of that place.
  @Test func allRows() {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.high, .low], trainSizes: [100, 20_000],
      arms: Arm.taught, replicates: 2, weightsDigest: "w")
    // Accuracy names the place: 10 for high, 20 for low, + 1 at 20,000, + 0.25 per replicate.
    let cells = plan.runKeys.filter { $0.arm != .fromScratch }.map { key in
      SampleSweep.result(
        key,
        (key.similarity == .high ? 10 : 20) + (key.trainSize == 100 ? 0 : 1)
          + Double(key.replicate) / 4)
    }
    let provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
      wallSeconds: 1, taskDigests: [:])
    let rows = RowVerdict.all(
      of: SweepResults(plan: plan, provenance: provenance, cells: cells))
    #expect(rows.map(\.similarity) == [.high, .high, .low, .low])
    #expect(rows.map(\.trainSize) == [100, 20_000, 100, 20_000])
    #expect(rows.map(\.advice?.rule) == [.smallHigh, .largeSimilar, .smallOther, .largeLow])
    #expect(rows.allSatisfy { $0.arms.map(\.arm) == Arm.taught })
    #expect(rows[3].arms[0].accuracies == [0.21, 0.2125])
    #expect(rows[3].arms[3].accuracies == [nil, nil])
    #expect(rows[3].arms[3].failedCount == 0)
  }
}
