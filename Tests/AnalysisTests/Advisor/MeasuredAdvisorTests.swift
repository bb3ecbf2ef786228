import Analysis
import RealModule
import Records
import Testing

struct MeasuredAdvisorTests {
  /// Feature extraction is at 60 % everywhere, from scratch rises through it at 1,000 examples.
  private func crossing(_ logSize: Double, _: Double, _ arm: Arm) -> Double {
    arm == .featureExtraction ? 0.6 : 0.6 + 0.2 * (logSize - 3)
  }

  private func advisor(
    arms: [Arm] = [.featureExtraction, .fromScratch], replicates: Int = 5,
    seconds: [Arm: Double] = [:],
    _ accuracy: (Double, Double, Arm) -> Double
  ) throws -> MeasuredAdvisor {
    let results = SampleMatrix.results(
      arms: arms, replicates: replicates, seconds: seconds, accuracy)
    return MeasuredAdvisor(try ResultsMatrix(results), architecture: "medium")
  }

  private func prediction(_ arm: Arm, _ advice: MeasuredAdvice) throws -> ArmPrediction {
    try #require(advice.predictions.first { $0.arm == arm })
  }

  /// Accuracies that are linear in log size are predicted between the measured sizes.
  @Test func interpolates() throws {
    let advice = try advisor(crossing).advise(trainSize: 500, similarity: .medium)
    let scratch = try prediction(.fromScratch, advice)
    #expect(abs((scratch.accuracy ?? 0) - (0.6 + 0.2 * (Double.log10(500) - 3))) < 1e-9)
    #expect(abs((try prediction(.featureExtraction, advice).accuracy ?? 0) - 0.6) < 1e-9)
  }

  /// On either side of the crossing the better strategy is advised with probability 1.
  @Test(arguments: [(150, Arm.featureExtraction), (8_000, .fromScratch)])
  func decided(size: Int, arm: Arm) throws {
    let advice = try advisor(crossing).advise(trainSize: size, similarity: .medium)
    #expect(advice.outcome == .advised(arm))
    #expect(try prediction(arm, advice).bestProbability ?? 0 > 0.95)
  }

  /// The crossing is at the size from which the strategy below is more than the margin behind.
  ///
  /// Either is good enough from the size at which the one above is at most the margin behind. The
  /// requested size has no influence.
  @Test func crossover() throws {
    let advice = try advisor(crossing).advise(trainSize: 150, similarity: .medium)
    let crossover = try #require(advice.crossovers.first)
    // A point of accuracy is a twentieth of a decade here.
    let expected = 3 + 0.01 / 0.2
    #expect(abs(Double.log10(crossover.trainSize) - expected) < 0.03)
    #expect(abs(Double.log10(crossover.eitherFrom) - (3 - 0.01 / 0.2)) < 0.03)
    #expect(crossover.below == .featureExtraction && crossover.above == .fromScratch)
    let interval = try #require(crossover.interval)
    #expect(interval.lower <= crossover.trainSize && crossover.trainSize <= interval.upper)
    #expect(advice.crossovers.count == 1)
    let other = try advisor(crossing).advise(trainSize: 20_000, similarity: .medium)
    #expect(other.crossovers == advice.crossovers)
  }

  /// The probabilities of being the best sum to 1.
  @Test func probabilities() throws {
    let advice = try advisor(arms: Arm.taught, SampleMatrix.typical)
      .advise(trainSize: 2_000, similarity: .medium)
    let sum = advice.predictions.compactMap(\.bestProbability).reduce(0, +)
    #expect(abs(sum - 1) < 1e-9)
  }

  /// The interval of every strategy contains its prediction.
  @Test func intervals() throws {
    let advice = try advisor(arms: Arm.taught, SampleMatrix.typical)
      .advise(trainSize: 5_500, similarity: Similarity("0.6"))
    for prediction in advice.predictions {
      let interval = try #require(prediction.interval)
      let accuracy = try #require(prediction.accuracy)
      #expect(interval.lower <= accuracy && accuracy <= interval.upper)
    }
  }

  /// Between places with different winners the advice is undecided, and names the sweep that would
  /// decide.
  @Test func undecided() throws {
    let advice = try advisor { _, similarity, arm in
      arm == .featureExtraction ? 0.3 : similarity > 0.6 ? 0.1 : 0.5
    }.advise(trainSize: 500, similarity: Similarity("0.63"))
    guard case .undecided(let leading, let measure) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    #expect(Set(leading) == [.featureExtraction, .fromScratch])
    #expect(advice.arm == nil)
    let command = try #require(measure.command)
    #expect(
      command.hasPrefix("tlbench sweep --architecture medium --sizes 500 --similarities 0.63"))
  }

  /// One replicate everywhere gives no random errors: no interval, no probability, no advice.
  @Test func oneReplicate() throws {
    let advice = try advisor(replicates: 1, crossing).advise(trainSize: 150, similarity: .medium)
    #expect(advice.arm == nil)
    #expect(advice.predictions.allSatisfy { $0.interval == nil && $0.bestProbability == nil })
  }

  /// Outside the measured sizes and similarities the answer is extrapolated, without an interval or
  /// a probability, and gives the reason.
  @Test(arguments: [
    (99, "0.5", "sizes from 100 to 30000 were measured, not 99"),
    (30_001, "0.5", "sizes from 100 to 30000 were measured, not 30001"),
    (500, "low", "similarities from 0.5 to high were measured, not low"),
  ])
  func outside(size: Int, similarity: String, reason: String) throws {
    let measured =
      similarity == "low" ? Array(SampleMatrix.similarities.suffix(3)) : SampleMatrix.similarities
    let matrix = try ResultsMatrix(
      SampleMatrix.results(similarities: measured, SampleMatrix.typical))
    let advice = try MeasuredAdvisor(matrix, architecture: nil)
      .advise(trainSize: size, similarity: Similarity(similarity))
    guard case .outside(reason, let arm) = advice.outcome else {
      Issue.record("\(advice.outcome)")
      return
    }
    let best = advice.predictions.max { ($0.accuracy ?? 0) < ($1.accuracy ?? 0) }
    #expect(best?.arm == arm && advice.arm == arm)
    #expect(
      advice.predictions.allSatisfy {
        $0.isOutside && $0.interval == nil && $0.bestProbability == nil
          && $0.sufficientProbability == nil
      })
    #expect(advice.crossovers.isEmpty)
  }

  /// The preferences pick the best, the cheapest within a point, and the cheapest within five.
  @Test(arguments: [
    (Preference.accuracy, Arm.fromScratch), (.balanced, .fineTuning), (.cheap, .featureExtraction),
  ])
  func preferences(preference: Preference, arm: Arm) throws {
    let accuracies = ["from-scratch": 0.8, "fine-tuning": 0.795, "feature-extraction": 0.77]
    let advice = try advisor(
      arms: [.fromScratch, .fineTuning, .featureExtraction],
      seconds: [.fromScratch: 3, .fineTuning: 2, .featureExtraction: 1]
    ) { _, _, arm in accuracies[arm.name] ?? 0 }
    .advise(
      trainSize: 1_000, similarity: .medium, criteria: AdviceCriteria(preference: preference))
    #expect(advice.outcome == .advised(arm))
  }

  /// Costs are interpolated on logarithmic axes: tenfold seconds for tenfold examples.
  @Test func costs() throws {
    let plan = SampleMatrix.results(sizes: [100, 10_000], crossing).plan
    let cells = plan.runKeys.map {
      SampleSweep.result($0, 50 + Double($0.replicate), seconds: Double($0.trainSize) / 100)
    }
    let results = SweepResults(
      plan: plan, provenance: SampleMatrix.results(crossing).provenance, cells: cells)
    let advice = try MeasuredAdvisor(ResultsMatrix(results), architecture: nil)
      .advise(trainSize: 1_000, similarity: .medium)
    let seconds = try #require(advice.predictions.first?.cpuSeconds)
    #expect(abs(seconds - 10) < 1e-9)
  }

  /// Without a similarity the size alone decides, over all measured tasks.
  @Test func unknownSimilarity() throws {
    let tasks = [Similarity.task("pets"), .task("birds")]
    let matrix = try ResultsMatrix(
      SampleMatrix.results(
        arms: [.featureExtraction, .fromScratch], similarities: tasks, crossing))
    let advisor = MeasuredAdvisor(matrix, architecture: nil)
    let advice = try advisor.advise(trainSize: 8_000, similarity: nil)
    #expect(advice.outcome == .advised(.fromScratch))
    #expect(advice.rule == nil)
    #expect(throws: Failure.self) { try advisor.advise(trainSize: 8_000, similarity: .low) }
  }

  /// A single strategy leaves nothing to choose, and a size below one is not valid.
  @Test func refusals() throws {
    let alone = try advisor(arms: [.fineTuning], crossing)
    #expect(throws: Failure.self) { try alone.advise(trainSize: 500, similarity: .low) }
    let two = try advisor(crossing)
    #expect(throws: Failure.self) { try two.advise(trainSize: 0, similarity: .low) }
    #expect(throws: Failure.self) { try two.advise(trainSize: 0, similarity: nil) }
  }

  /// Results in which no run completed give an error that says so.
  @Test func nothingCompleted() throws {
    let empty = try ResultsMatrix(SampleMatrix.results(sizes: [100], crossing))
      .leavingOut(trainSize: 100)
    let failure = #expect(throws: Failure.self) {
      try MeasuredAdvisor(empty, architecture: nil).advise(trainSize: 500, similarity: .low)
    }
    #expect(failure?.reason == "no run completed")
  }

  /// The same results and seed give the same advice.
  @Test func repeatable() throws {
    let advisor = try advisor(arms: Arm.taught, SampleMatrix.typical)
    let first = try advisor.advise(trainSize: 700, similarity: .medium)
    #expect(try advisor.advise(trainSize: 700, similarity: .medium) == first)
  }
}
