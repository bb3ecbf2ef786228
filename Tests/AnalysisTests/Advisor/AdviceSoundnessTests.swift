import Analysis
import Records
import Testing

/// The measured advisor claims no more than the measurements support.
struct AdviceSoundnessTests {
  private static let two: [Arm] = [.featureExtraction, .fromScratch]

  private func advice(
    _ results: SweepResults, size: Int, similarity: Similarity?,
    criteria: AdviceCriteria = AdviceCriteria()
  ) throws -> MeasuredAdvice {
    try MeasuredAdvisor(ResultsMatrix(results), architecture: "medium")
      .advise(trainSize: size, similarity: similarity, criteria: criteria)
  }

  private func prediction(_ arm: Arm, _ advice: MeasuredAdvice) throws -> ArmPrediction {
    try #require(advice.predictions.first { $0.arm == arm })
  }

  /// From scratch wins clearly at three of five similarities, and loses at two: its mean is the
  /// best, but a task of unknown similarity is one of the five.
  @Test func unknownSimilarity() throws {
    let results = SampleMatrix.results(arms: Self.two) { _, similarity, arm in
      arm == .featureExtraction ? 0.4 + 0.2 * (similarity > 0.6 ? 1 : 0) : 0.55
    }
    let advice = try advice(results, size: 1_000, similarity: nil)
    #expect(advice.arm == nil && advice.subject == .oneTask)
    let scratch = try prediction(.fromScratch, advice)
    #expect(abs((scratch.bestProbability ?? 0) - 0.6) < 0.02)
    #expect(abs((scratch.sufficientProbability ?? 0) - 0.6) < 0.02)
    // The interval contains both kinds of tasks.
    let interval = try #require(try prediction(.featureExtraction, advice).interval)
    #expect(interval.lower < 0.41 && interval.upper > 0.59)
  }

  /// Sizes that were measured at only one similarity do not cover a task of unknown similarity.
  @Test func unknownSimilarityAtACorner() throws {
    let results = SampleMatrix.results(
      arms: Self.two, keeping: { $0.trainSize < 30_000 || $0.similarity == .low },
      SampleMatrix.typical)
    let advice = try advice(results, size: 20_000, similarity: nil)
    guard case .outside(let reason, _) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    #expect(reason == "20000 examples were measured only at low similarity")
  }

  /// A strategy that was not measured around a place gets no prediction, and no other is advised
  /// while it might be better.
  @Test func armWithoutData() throws {
    let results = SampleMatrix.results(
      arms: Self.two, keeping: { $0.arm == .featureExtraction || $0.trainSize <= 300 },
      SampleMatrix.typical)
    let advice = try advice(results, size: 10_000, similarity: .medium)
    let scratch = try prediction(.fromScratch, advice)
    #expect(scratch.isOutside && scratch.accuracy == nil && scratch.interval == nil)
    #expect(scratch.cpuSeconds == nil && scratch.sufficientProbability == nil)
    guard case .undecided(let leading, _) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    #expect(Set(leading) == Set(Self.two))
    #expect(advice.predictions.allSatisfy { $0.bestProbability == nil })
  }

  /// If a strategy reaches 100 %, one that was not measured cannot be better.
  @Test func armWithoutDataAtTheTop() throws {
    let results = SampleMatrix.results(
      arms: Self.two, keeping: { $0.arm == .featureExtraction || $0.trainSize <= 300 },
      { _, _, arm in arm == .featureExtraction ? 0.998 : 0.5 })
    let advice = try advice(results, size: 10_000, similarity: .medium)
    #expect(advice.outcome == .advised(.featureExtraction))
  }

  /// The bounding box of all measurements is larger than the measured region: a size with only one
  /// similarity does not cover others.
  @Test(arguments: ["0.25", "0.5", "0.6"]) func corner(similarity: String) throws {
    let results = SampleMatrix.results(
      keeping: { $0.trainSize < 30_000 || $0.similarity == .low }, SampleMatrix.typical)
    let similarity = try #require(Similarity(similarity))
    let advice = try advice(results, size: 20_000, similarity: similarity)
    guard case .outside(let reason, _) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    #expect(
      reason == "around the similarity \(similarity.label), sizes from 100 to 10000 were measured, "
        + "not 20000")
    // The column that reaches there is inside.
    let low = try self.advice(results, size: 20_000, similarity: .low)
    #expect(low.predictions.allSatisfy { !$0.isOutside })
  }

  /// At a measured place the interval is that of the matrix itself: Student's t, whatever the
  /// number of replicates, widened if they are splits of one set.
  @Test(arguments: [2, 3, 10], [nil, 0.25]) func sameInterval(
    replicates: Int, splitRatio: Double?
  ) throws {
    let results = SampleMatrix.results(
      arms: Self.two, replicates: replicates, splitRatio: splitRatio, SampleMatrix.typical)
    let matrix = try ResultsMatrix(results)
    let advice = try advice(results, size: 1_000, similarity: Similarity("0.5"))
    let cell = try #require(
      matrix.cells.first { $0.trainSize == 1_000 && $0.similarity.label == "0.5" })
    for summary in cell.arms {
      #expect(try prediction(summary.arm, advice).interval == summary.accuracyInterval)
    }
    #expect(advice.replicates == replicates)
  }

  /// Splits of one set need no similarity, and their intervals are those of the comparison.
  @Test func splits() throws {
    let set = Similarity.task("pets")
    let results = SampleMatrix.results(
      arms: Self.two, similarities: [set], splitRatio: 0.25
    ) { SampleMatrix.typical($0, 0.5, $2) }
    let advice = try advice(results, size: 1_000, similarity: nil)
    let cell = try #require(try ResultsMatrix(results).cells.first { $0.trainSize == 1_000 })
    #expect(advice.subject == .meanOverSplits)
    for summary in cell.arms {
      let interval = try #require(try prediction(summary.arm, advice).interval)
      #expect(interval == summary.accuracyInterval)
    }
  }

  /// If all strategies are at chance there is no advice, and the cheapest is named.
  @Test func nothingLearns() throws {
    let results = SampleMatrix.results(
      seconds: [.featureExtraction: 1, .fineTuning: 5, .fromScratch: 9], classCount: 10
    ) { _, _, arm in arm == .fromScratch ? 0.108 : 0.104 }
    let advice = try advice(results, size: 500, similarity: .medium)
    #expect(advice.outcome == .guessing(chance: 0.1, cheapest: .featureExtraction))
    #expect(advice.arm == nil)
    // Without a number of classes chance is not known.
    let unknown = SampleMatrix.results { _, _, _ in 0.104 }
    #expect(try self.advice(unknown, size: 500, similarity: .medium).arm != nil)
  }

  /// If all strategies are within the margin the cheapest is advised, whatever is preferred.
  @Test(arguments: Preference.allCases) func ties(preference: Preference) throws {
    let results = SampleMatrix.results(
      seconds: [.featureExtraction: 5, .fineTuning: 1, .fromScratch: 9]
    ) { _, _, arm in arm == .fromScratch ? 0.803 : 0.8 }
    let advice = try advice(
      results, size: 500, similarity: .medium, criteria: AdviceCriteria(preference: preference))
    #expect(advice.outcome == .advised(.fineTuning))
  }

  /// An additional size that was measured at only one similarity does not change the answers
  /// elsewhere.
  @Test func additionalPlace() throws {
    let similarities = SampleMatrix.similarities + [try #require(Similarity("0.63"))]
    let results = SampleMatrix.results(
      sizes: [100, 640, 1_000, 10_000], similarities: similarities,
      keeping: { ($0.trainSize == 640) == ($0.similarity.label == "0.63") }, SampleMatrix.typical)
    let plain = SampleMatrix.results(sizes: [100, 1_000, 10_000], SampleMatrix.typical)
    for size in [640, 800] {
      let with = try advice(results, size: size, similarity: Similarity("0.5"))
      let without = try advice(plain, size: size, similarity: Similarity("0.5"))
      #expect(with.predictions.map(\.accuracy) == without.predictions.map(\.accuracy))
    }
    let here = try advice(results, size: 640, similarity: Similarity("0.63"))
    #expect(here.predictions.allSatisfy { !$0.isOutside && $0.interval != nil })
  }
}
