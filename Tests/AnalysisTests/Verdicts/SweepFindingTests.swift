import Analysis
import Records
import Testing

/// The counts of a finding, on tables that can be counted by hand.
struct SweepFindingTests {
  /// A sweep of two strategies with these mean accuracies, two replicates 0.2 points apart.
  private func rows(
    _ accuracies: [(size: Int, [Double])], chance: Double? = 0.1
  ) -> [RowVerdict] {
    accuracies.map { size, means in
      RowVerdict(
        MatrixCell(
          place: MatrixPlace(similarity: .low, trainSize: size),
          arms: zip([Arm.fineTuning, .fromScratch], means).map { arm, mean in
            summary(arm, mean, size)
          }, chance: chance))
    }
  }

  private func summary(_ arm: Arm, _ mean: Double, _ size: Int) -> ArmSummary {
    ArmSummary(
      arm: arm,
      cells: [-0.001, 0.001].enumerated().map { replicate, offset in
        RunResult(
          key: RunKey(similarity: .low, trainSize: size, arm: arm, replicate: replicate),
          outcome: .completed(
            Measurement(
              accuracy: mean + offset, logLoss: 1, trainAccuracy: 1, wallSeconds: 1, cpuSeconds: 1,
              flops: 1, peakBytes: 1, trainableParameters: 1, totalParameters: 1, epochs: 1,
              history: [])))
      })
  }

  /// Places, strategies and advice are counted, and the advice's distance to the best is averaged.
  ///
  /// From scratch is ahead at 2,000 and 200,000 examples, and half a point at 5,000. The rules
  /// advise fine-tuning up to 10,000 examples, and training from scratch above 100,000.
  @Test func counts() throws {
    let finding = try #require(
      SweepFinding(
        rows([(2_000, [0.50, 0.60]), (5_000, [0.80, 0.805]), (200_000, [0.60, 0.90])])))
    #expect(finding.placeCount == 3 && finding.guessingCount == 0)
    #expect(finding.strategies.map(\.arm) == [.fromScratch, .fineTuning])
    #expect(finding.strategies.map(\.closeCount) == [3, 1])
    let advice = try #require(finding.advice)
    #expect(advice.placeCount == 3 && advice.closeCount == 2)
    #expect(abs(advice.meanLoss - (10 + 0.5 + 0) / 3) < 1e-9)
  }

  /// A place where the interval of no strategy begins more than a point above chance shows nothing:
  /// with two replicates 0.2 points apart half a width is 12.7 × 0.1 points.
  @Test func guessing() throws {
    let table = [(size: 100, [0.11, 0.12]), (2_000, [0.50, 0.60])]
    let known = try #require(SweepFinding(rows(table)))
    #expect(known.placeCount == 1 && known.guessingCount == 1)
    #expect(known.strategies.map(\.closeCount) == [1, 0])
    let unknown = try #require(SweepFinding(rows(table, chance: nil)))
    #expect(unknown.placeCount == 2 && unknown.guessingCount == 0)
    #expect(SweepFinding(rows([(100, [0.11, 0.12])])) == nil)
  }

  /// A finding counts the places that a map and a verdict on advice call guessing, also where the
  /// best is not the strategy whose interval begins highest.
  @Test(arguments: [[0.11, 0.12], [0.11, 0.13], [0.08, 0.122], [0.5, 0.6]])
  func oneDefinition(means: [Double]) throws {
    let rows = rows([(100, means), (2_000, [0.50, 0.60])])
    let finding = try #require(SweepFinding(rows))
    let place = PlaceVerdict(rows[0].cell)
    #expect(place.nothingLearns == (finding.guessingCount == 1))
    #expect(place.nothingLearns == (rows[0].cell.strength(.standard) == .nothingLearns))
    #expect(!place.nothingLearns || (place.winner == nil && place.clearWinner == nil))
  }
}
