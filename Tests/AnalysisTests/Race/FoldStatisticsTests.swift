import Foundation
import RealModule
import Records
import Testing

import Analysis

/// Everything that judges results over folds has the intervals of ``FoldComparison``, which are
/// compared with NumPy in ``FoldComparisonTests``: folds are not independent replicates.
struct FoldStatisticsTests {
  private static let advised: [Arm] = [
    .featureExtraction, .fineTuning, .fineTuningAll, .fromScratch,
  ]

  /// Results over folds of sets of examples.
  ///
  /// - Parameter correct: whether each example of a fold was correct; `nil` for a missing run.
  private func results(
    sizes: [Int] = [1_000], folds: Int, arms: [Arm] = Self.advised, classCount: Int? = nil,
    splitRatio: Double = 0.25, _ correct: (Int, Int, Int) -> [Bool]?
  ) -> SweepResults {
    var plan = SweepPlan(
      architecture: "medium", similarities: [.task("cats", value: 0.5)], trainSizes: sizes,
      arms: arms, replicates: folds, weightsDigest: "5eed")
    plan.folds = folds
    plan.splitRatio = splitRatio
    let cells = plan.runKeys.compactMap { key -> RunResult? in
      guard let arm = arms.firstIndex(of: key.arm),
        let examples = correct(arm, key.trainSize, key.replicate)
      else { return nil }
      var measurement = Measurement(
        accuracy: Double(examples.count { $0 }) / Double(examples.count), logLoss: 1,
        trainAccuracy: 1, wallSeconds: 1, cpuSeconds: Double(arm + 1), flops: 1, peakBytes: 1,
        trainableParameters: 0, totalParameters: 0, epochs: 0, history: [])
      measurement.isCorrect = examples
      return RunResult(key: key, outcome: .completed(measurement))
    }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: "a", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 0, taskDigests: [:], classCount: classCount), cells: cells)
  }

  /// The races that NumPy has values of.
  private func references() throws -> [SweepResults] {
    try RaceReference.load().races.map { race in
      let starts = race.sizes.indices.map { race.sizes.prefix($0).reduce(0, +) }
      return results(folds: 5) { arm, _, fold in
        guard race.has[arm].contains(fold) else { return nil }
        return race.correct[arm][starts[fold]..<starts[fold] + race.sizes[fold]].map { $0 == 1 }
      }
    }
  }

  /// The matrix has the accuracies and intervals of all folds together, and differences of
  /// strategies have the loss and its interval, with complete folds and with missing ones.
  @Test func sameAsComparison() throws {
    for results in try references() {
      let comparison = try #require(FoldComparison.all(of: results).first)
      let matrix = try ResultsMatrix(results)
      let cell = try #require(matrix.cells.first)
      #expect(matrix.isOverFolds)
      let best = try #require(cell.arm(named: comparison.best.arm.name))
      for row in comparison.rows {
        let summary = try #require(cell.arm(named: row.arm.name))
        #expect(abs(try #require(summary.meanAccuracy) - row.accuracy) < 1e-12)
        if summary.completedCount > 1 {
          #expect(abs(try #require(summary.accuracyHalfWidth) - row.halfWidth) < 1e-12)
        } else {
          #expect(summary.accuracyHalfWidth == nil)
        }
        guard let loss = row.loss else { continue }
        let lead = best.lead(over: summary)
        #expect(abs(try #require(lead.mean) - 100 * loss.mean) < 1e-10)
        guard lead.count > 1 else {
          #expect(lead.interval() == nil)
          continue
        }
        let interval = try #require(lead.interval())
        #expect(abs(interval.lower - 100 * loss.interval.lower) < 1e-10)
        #expect(abs(interval.upper - 100 * loss.interval.upper) < 1e-10)
        #expect(abs(try #require(lead.negated.interval()).lower + interval.upper) < 1e-12)
      }
    }
  }

  /// The answer of `recommend` has the intervals of the comparison.
  @Test func advice() throws {
    let results = try references()[0]
    let comparison = try #require(FoldComparison.all(of: results).first)
    for similarity in [nil, Similarity("0.5")] {
      let advice = try MeasuredAdvisor(ResultsMatrix(results), architecture: nil).advise(
        trainSize: 1_000, similarity: similarity)
      #expect(advice.subject == .allFolds)
      for row in comparison.rows {
        let prediction = try #require(advice.predictions.first { $0.arm == row.arm })
        let interval = try #require(prediction.interval)
        #expect(abs(try #require(prediction.accuracy) - row.accuracy) < 1e-12)
        #expect(abs(interval.lower - row.interval.lower) < 1e-12)
        #expect(abs(interval.upper - row.interval.upper) < 1e-12)
      }
    }
  }

  /// Two strategies of 320 examples, one of which has five more right: the probability that the
  /// other one is at most a point behind is that of a normal distribution, computed by hand.
  @Test func probabilities() throws {
    let results = results(folds: 5, arms: [.featureExtraction, .fromScratch]) { arm, _, fold in
      (0..<64).map { $0 % 4 != 0 && !(arm == 1 && $0 == 1) }
    }
    let share = 5.0 / 320
    let training = 6 * RunSpread.expected(size: 320) * RunSpread.expected(size: 320) / 14
    let error = Double.sqrt(
      share * (1 - share) / 319 + 2 * (0.25 / (320 * 320) + training / 5))
    let advice = try MeasuredAdvisor(ResultsMatrix(results), architecture: nil).advise(
      trainSize: 1_000, similarity: nil)
    let second = try #require(advice.predictions.first { $0.arm == .fromScratch })
    let best = Normal.upperTail(share / error)
    let within = Normal.upperTail((share - 0.01) / error)
    // Frequencies among 2,000 draws.
    #expect(abs(try #require(second.bestProbability) - best) < 0.03)
    #expect(abs(try #require(second.sufficientProbability) - within) < 0.03)
  }

  /// Folds that agree by chance do not make anything certain: Student's t over them would.
  @Test func equalFolds() throws {
    let results = results(folds: 5, classCount: 2) { arm, _, fold in
      (0..<20).map { $0 < 16 - arm }
    }
    let validation = try Validation(ResultsMatrix(results), criteria: .standard)
    let cell = try #require(validation.matrix.cells.first)
    let (first, second) = (cell.arms[0], cell.arms[1])
    let regret = try #require(Regret(of: second, among: [first, second]))
    // Five points behind: five of 100 examples.
    #expect(abs(regret.points - 5) < 1e-9)
    let training = 6 * RunSpread.expected(size: 100) * RunSpread.expected(size: 100) / 22
    let half =
      196 * Double.sqrt(0.05 * 0.95 / 99 + 2 * (0.25 / (100 * 100) + training / 5))
    let interval = try #require(regret.interval)
    #expect(abs(interval.lower - (5 - half)) < 1e-9 && abs(interval.upper - (5 + half)) < 1e-9)
    #expect(regret.largest.additionalPairs(toDecideAt: 1) == nil)
    #expect(PairedDifferences([5, 5, 5, 5, 5]).interval()?.halfWidth == 0)
  }

  /// The mean over sizes, which have the same examples, has no smaller interval than single sizes
  /// have on average; and what a strategy gains from more labels is compared example by example.
  @Test func severalSizes() throws {
    let results = results(sizes: [500, 1_000], folds: 4) { arm, size, _ in
      (0..<25).map { $0 < 20 - arm - (size == 500 ? 3 : 0) }
    }
    let matrix = try ResultsMatrix(results)
    let gain = try #require(
      LearningGain.all(in: matrix, similarity: matrix.similarities[0]).first?.first)
    let training = 6 * RunSpread.expected(size: 100) * RunSpread.expected(size: 100) / 18
    let half = 196 * Double.sqrt(0.12 * 0.88 / 99 + 2 * (0.25 / (100 * 100) + training / 4))
    #expect(abs(try #require(gain.differences.mean) - 12) < 1e-9)
    #expect(abs(try #require(gain.differences.interval()).halfWidth - half) < 1e-9)
    let validation = try Validation(matrix, criteria: .standard)
    let judged = validation.rules.filter { $0.overall.interval != nil }
    #expect(!judged.isEmpty)
    for rule in judged {
      let losses = rule.cells.compactMap { $0.regret?.largest.largest }
      guard losses.allSatisfy({ $0.mean ?? 0 > 0 }) else { continue }
      let mean = try #require(Statistics.mean(losses.compactMap(\.mean)))
      let half = try #require(Statistics.mean(losses.compactMap { $0.interval()?.halfWidth }))
      let interval = try #require(rule.overall.interval)
      #expect(abs(try #require(rule.overall.mean) - mean) < 1e-9)
      #expect(abs(interval.upper - (mean + half)) < 1e-9)
      #expect(abs(interval.lower - max(0, mean - half)) < 1e-9)
    }
  }

  /// A check finds no regression where examples change sides, and one where many are lost.
  @Test func check() throws {
    func outcome(_ lost: Int, _ gained: Int) throws -> BaselineCheck {
      let before = results(folds: 5, arms: [.fromScratch]) { _, _, _ in (0..<60).map { $0 < 40 } }
      let after = results(folds: 5, arms: [.fromScratch]) { _, _, _ in
        (0..<60).map { ($0 < 40 && $0 >= lost) || ($0 >= 40 && $0 < 40 + gained) }
      }
      return try BaselineCheck(after, baseline: before)
    }
    // In every fold alike, so that Student's t over folds would be certain of anything.
    let small = try outcome(3, 2)
    #expect(!small.hasRegression)
    let accuracy = try #require(small.comparisons.first { $0.figure == .accuracy })
    let share = -1.0 / 60
    let training = 6 * RunSpread.expected(size: 300) * RunSpread.expected(size: 300) / 14
    let variance = (5.0 / 60 - share * share) * 300 / 299
    let half = 1.96 * Double.sqrt(variance / 300 + 2 * (0.25 / (300 * 300) + training / 5))
    let interval = try #require(accuracy.interval)
    #expect(abs(interval.lower - (share - half)) < 1e-12)
    #expect(abs(interval.upper - (share + half)) < 1e-12)
    #expect(small.notes.contains { $0.contains("example by example") })
    let large = try outcome(20, 0)
    #expect(large.hasRegression && large.changes.contains { $0.what == "accuracy" })
  }

  /// Results over other folds, or over splits, are not joined.
  @Test func joining() throws {
    func set(_ folds: Int, _ ratio: Double) -> SweepResults {
      results(folds: folds, splitRatio: ratio) { arm, _, _ in (0..<20).map { $0 < 10 + arm } }
    }
    var splits = set(5, 0.25)
    var plan = splits.plan
    plan.folds = nil
    splits = SweepResults(
      plan: plan, provenance: splits.provenance, outcomes: splits.outcomes)
    for other in [set(4, 0.25), splits] {
      let failure = #expect(throws: Failure.self) {
        try ResultsMatrix(joining: [("a.h5", set(5, 0.25)), ("b.h5", other)])
      }
      #expect(failure?.reason.contains("differ in kind") == true)
    }
    let joined = try ResultsMatrix(joining: [("a.h5", set(5, 0.25)), ("b.h5", set(5, 0.25))])
    #expect(joined.isOverFolds)
    #expect(joined.cells == (try ResultsMatrix(set(5, 0.25)).cells))
  }

  /// Runs that do not have their examples are widened as splits are, and are not over folds.
  @Test func withoutExamples() throws {
    let whole = results(folds: 5) { arm, _, fold in (0..<20).map { $0 < 10 + arm + fold } }
    let cells = whole.plan.runKeys.compactMap { whole[$0] }.map { run -> RunResult in
      guard var measurement = run.measurement else { return run }
      if run.key.replicate == 2 { measurement.isCorrect = nil }
      return RunResult(key: run.key, outcome: .completed(measurement))
    }
    let matrix = try ResultsMatrix(
      SweepResults(plan: whole.plan, provenance: whole.provenance, cells: cells))
    let summary = try #require(matrix.cells.first?.arms.first)
    #expect(!matrix.isOverFolds)
    let values = summary.accuracies.compactMap { $0 }
    #expect(
      summary.interval()
        == Statistics.meanInterval(values, replication: .splits(testRatio: 0.25)))
  }

  /// Quantiles of the normal distribution, from scipy.stats.norm.ppf.
  @Test(arguments: [
    (0.5, 0.0), (0.975, 1.959963984540054), (0.995, 2.5758293035489004),
    (1e-10, -6.361340902404056), (0.05, -1.6448536269514729),
  ]) func quantile(probability: Double, expected: Double) {
    #expect(abs(Normal.quantile(probability) - expected) < 1e-9)
  }
}
