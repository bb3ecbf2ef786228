import Foundation
import Records
import Testing

import Analysis

/// Comparisons over pooled folds, against NumPy and counts by hand.
struct FoldComparisonTests {
  private struct Reference: Decodable {
    struct Row: Decodable {
      let accuracy, half_width: Double
      let loss, loss_half_width: Double?
    }
    struct Comparison: Decodable {
      let best: Int
      let rows: [Row]
    }
    let comparisons: [Comparison]
  }

  private static func reference() throws -> [Reference.Comparison] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/folds.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).comparisons
  }

  /// Results at one place.
  ///
  /// - Parameter correct: whether each example of a fold was correct; `nil` for a missing run.
  private func results(
    strategies: Int, folds: Int?, replicates: Int, _ correct: (Int, Int) -> [Bool]?
  ) -> SweepResults {
    var plan = SweepPlan(
      architecture: "medium", similarities: [.task("cats")], trainSizes: [80],
      arms: (0..<strategies).map { .nameOnly("s\($0)") }, replicates: replicates,
      weightsDigest: "5eed")
    plan.folds = folds
    let provenance = Provenance(
      toolVersion: "1", commandLine: "", processor: nil, libraries: [], finishedAt: "", jobs: 1,
      wallSeconds: 0, taskDigests: [:])
    let cells = plan.runKeys.compactMap { key -> RunResult? in
      guard let strategy = plan.arms.firstIndex(of: key.arm),
        let examples = correct(strategy, key.replicate)
      else { return nil }
      var measurement = Measurement(
        accuracy: Double(examples.count { $0 }) / Double(max(1, examples.count)), logLoss: 1,
        trainAccuracy: 1, wallSeconds: 1, cpuSeconds: Double(strategy + 1), flops: 0, peakBytes: 0,
        trainableParameters: 0, totalParameters: 0, epochs: 0, history: [])
      measurement.isCorrect = examples
      return RunResult(key: key, outcome: .completed(measurement))
    }
    return SweepResults(plan: plan, provenance: provenance, cells: cells)
  }

  /// The best strategy is that of all examples together, not of the mean over folds of unequal
  /// size; without folds it is that of the mean.
  @Test func bestArm() {
    // s0: 7 of 8 and 0 of 2, together 70 %; s1: 4 of 8 and 2 of 2, together 60 %, in the mean 75 %.
    let right = [[7, 0], [4, 2]]
    func best(folds: Int?) -> String? {
      let results = results(strategies: 2, folds: folds, replicates: 2) { strategy, fold in
        (0..<[8, 2][fold]).map { $0 < right[strategy][fold] }
      }
      return FoldComparison.bestArm(of: results)?.name
    }
    #expect(best(folds: 2) == "s0")
    #expect(best(folds: nil) == "s1")
    #expect(
      FoldComparison.bestArm(
        of: results(strategies: 2, folds: 2, replicates: 2) { _, _ in nil }) == nil)
  }

  /// Accuracies, losses and intervals, with complete folds and with strategies that lack some.
  @Test func agreesWithNumPy() throws {
    let races = try RaceReference.load().races
    let references = try Self.reference()
    #expect(references.count == races.count && races.count == 3)
    for (race, reference) in zip(races, references) {
      let starts = race.sizes.indices.map { race.sizes.prefix($0).reduce(0, +) }
      let results = results(strategies: 4, folds: 5, replicates: 5) { strategy, fold in
        guard race.has[strategy].contains(fold) else { return nil }
        let range = starts[fold]..<starts[fold] + race.sizes[fold]
        return race.correct[strategy][range].map { $0 == 1 }
      }
      let comparison = try #require(FoldComparison.all(of: results).first)
      #expect(comparison.best.arm.name == "s\(reference.best)")
      #expect(comparison.foldCount == 5)
      #expect(comparison.rows.count == 4)
      for (index, expected) in reference.rows.enumerated() {
        let row = try #require(comparison.rows.first { $0.arm.name == "s\(index)" })
        #expect(row.folds == race.has[index].count)
        #expect(abs(row.accuracy - expected.accuracy) < 1e-12)
        #expect(abs(row.halfWidth - expected.half_width) < 1e-12)
        #expect((row.loss == nil) == (expected.loss == nil))
        guard let loss = row.loss, let mean = expected.loss, let half = expected.loss_half_width
        else { continue }
        #expect(abs(loss.mean - mean) < 1e-12)
        #expect(abs(loss.interval.lower - (mean - half)) < 1e-12)
        #expect(abs(loss.interval.upper - (mean + half)) < 1e-12)
      }
      #expect(comparison.corrected?.uncorrected == comparison.best.accuracy)
      let accuracies = comparison.rows.map(\.accuracy)
      #expect(accuracies == accuracies.sorted(by: >))
    }
  }

  /// Two strategies of 320 examples that disagree on 20 of them: the interval of the difference is
  /// that of these examples and of the trainings, and much narrower than that of an accuracy.
  @Test func byHand() throws {
    let results = results(strategies: 2, folds: 5, replicates: 5) { strategy, fold in
      // Three of four are right; of every twenty, the second strategy has one more wrong.
      (0..<64).map { $0 % 4 != 0 && !(strategy == 1 && $0 % 20 == 1) }
    }
    let comparison = try #require(FoldComparison.all(of: results).first)
    // 1, 21, 41 and 61 of every fold are right in the first strategy alone.
    let differing = 20.0
    let loss = try #require(comparison.rows[1].loss)
    #expect(comparison.best.arm.name == "s0" && comparison.exampleCount == 320)
    #expect(loss.mean == differing / 320)
    let share = differing / 320
    let variance = share * (1 - share) * 320 / 319
    // All folds are equal, so that the variance of a training is six parts of the expected one in
    // fourteen.
    let training = 6 * RunSpread.expected(size: 320) * RunSpread.expected(size: 320) / 14
    let half =
      1.96 * (variance / 320 + 2 * (0.25 / (320 * 320) + training / 5)).squareRoot()
    #expect(abs(loss.interval.halfWidth - half) < 1e-12)
    #expect(comparison.rows[0].halfWidth < 0.06 && loss.interval.halfWidth < 0.04)
    #expect(comparison.close(margin: 10).map(\.arm.name) == ["s1"])
    #expect(comparison.close(margin: 0.5).isEmpty)
    #expect(comparison.rows.map(\.cpuSeconds) == [1, 2])
  }

  /// Results that are not over folds have no comparison, and neither have those whose strategies
  /// were tested on different numbers of examples of a fold.
  @Test func noComparison() {
    #expect(
      FoldComparison.all(
        of: results(strategies: 2, folds: nil, replicates: 2) { _, _ in [true, false] }
      ).isEmpty)
    #expect(
      FoldComparison.all(
        of: results(strategies: 2, folds: 2, replicates: 2) { strategy, _ in
          Array(repeating: true, count: 3 + strategy)
        }
      ).isEmpty)
    #expect(
      FoldComparison.all(of: results(strategies: 2, folds: 2, replicates: 2) { _, _ in nil })
        .isEmpty)
  }

  /// A single strategy is compared with none, and not corrected for a choice.
  @Test func oneStrategy() throws {
    let results = results(strategies: 1, folds: 3, replicates: 2) { _, _ in [true, true, false] }
    let comparison = try #require(FoldComparison.all(of: results).first)
    #expect(comparison.corrected == nil && comparison.best.loss == nil)
    #expect(comparison.best.folds == 2 && comparison.foldCount == 3)
  }
}
