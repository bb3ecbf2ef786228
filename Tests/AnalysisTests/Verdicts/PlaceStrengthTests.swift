import Analysis
import Records
import Testing

/// Places that say nothing about advice, on tables that can be judged by hand.
struct PlaceStrengthTests {
  /// A place of two strategies, two replicates 0.2 points apart: intervals of ± 1.27 points.
  private func cell(_ percents: [Double], chance: Double? = 0.1, replicates: Int = 2) -> MatrixCell
  {
    MatrixCell(
      place: MatrixPlace(similarity: .low, trainSize: 1_000),
      arms: zip([Arm.fineTuning, .fromScratch], percents).map { arm, percent in
        ArmSummary(
          arm: arm,
          cells: [-0.1, 0.1].prefix(replicates).enumerated().map { replicate, offset in
            SampleSweep.result(
              RunKey(similarity: .low, trainSize: 1_000, arm: arm, replicate: replicate),
              percent + offset)
          })
      }, chance: chance)
  }

  /// Nothing learns if no interval begins more than a point above chance.
  @Test(
    arguments: [
      ([11, 12.2], PlaceStrength.nothingLearns), ([8, 12.2], .nothingLearns),
      ([11, 12.4], .telling),
      ([99.9, 99.9], .telling), ([50, 60], .telling),
    ] as [([Double], PlaceStrength)])
  func guessing(percents: [Double], strength: PlaceStrength) {
    #expect(cell(percents).strength(.standard) == strength)
  }

  /// All are at the ceiling if every interval begins at most a margin below 100 %.
  @Test func ceiling() {
    let wide = VerdictCriteria(margin: 2)
    #expect(cell([99.8, 99.5]).strength(wide) == .ceiling)
    #expect(cell([99.8, 99.2]).strength(wide) == .telling)
    #expect(cell([99.8, 99.5], chance: nil).strength(wide) == .ceiling)
  }

  /// Without intervals, with one strategy or without knowing chance, nothing is said.
  @Test func unknown() {
    #expect(cell([11, 11], replicates: 1).strength(.standard) == .telling)
    #expect(cell([11]).strength(.standard) == .telling)
    #expect(cell([11, 11], chance: nil).strength(.standard) == .telling)
  }

  /// A wide interval around a mean far above chance is not guessing: 13 and 33 %.
  @Test func fewReplicates() {
    let arms = [[11, 11.2], [13, 33.0]].enumerated().map { index, percents in
      let arm = [Arm.fineTuning, .fromScratch][index]
      return ArmSummary(
        arm: arm,
        cells: percents.enumerated().map { replicate, percent in
          SampleSweep.result(
            RunKey(similarity: .low, trainSize: 1_000, arm: arm, replicate: replicate), percent)
        })
    }
    let place = MatrixPlace(similarity: .low, trainSize: 1_000)
    #expect(MatrixCell(place: place, arms: arms, chance: 0.1).strength(.standard) == .telling)
  }

  /// A forecast counts as high as its interval allows: 15 % is five margins above chance.
  @Test(
    arguments: [
      ([0.10, 0.11], 0.15, PlaceStrength.nothingLearns), ([0.10, 0.11], 0.16, .telling),
      ([0.10, 0.12], 0.15, .telling), ([0.99, 0.995], 1, .ceiling), ([], 1, .telling),
    ] as [([Double], Double, PlaceStrength)])
  func intervals(lower: [Double], likely: Double, strength: PlaceStrength) {
    let accuracies = lower.map { PlaceStrength.Accuracy(lower: $0, likely: likely) }
    #expect(PlaceStrength(accuracies, chance: 0.1, margin: 0.01) == strength)
    let unknown = PlaceStrength(accuracies, chance: nil, margin: 0.01)
    #expect(unknown == (strength == .ceiling ? .ceiling : .telling))
  }

  /// Leads over guessing are tested together: of one strategy 1.65 standard deviations are enough
  /// for 95 %, of two it takes 1.96.
  @Test(
    arguments: [
      ([0.33], PlaceStrength.telling), ([0.32], .nothingLearns), ([0.38, 0], .nothingLearns),
      ([0.40, -1], .telling), ([], .nothingLearns),
    ] as [([Double], PlaceStrength)])
  func leads(means: [Double], strength: PlaceStrength) {
    #expect(PlaceStrength(leads: means.map { ($0, 0.04) }) == strength)
    #expect(PlaceStrength(leads: means.map { ($0, 0) }) == .nothingLearns)
  }

  /// With a relative margin advice may lose a fraction of the best strategy's error: of the 39.5 %
  /// at 1,000 examples of low similarity half a point is 1.3 %.
  @Test(arguments: [(0.02, Verdict.supported), (0.012, .refuted)])
  func relativeMargin(margin: Double, verdict: Verdict) throws {
    let validation = try Validation(
      TwoByTwo.matrix(), criteria: VerdictCriteria(relativeMargin: margin), fitted: [])
    let medium = try #require(validation.rules.first { $0.rule == .mediumAny })
    #expect(medium.cells.first?.verdict == verdict)
  }

  /// Verdicts and scores leave out places that say nothing, and count them.
  @Test func counted() throws {
    var accuracies = TwoByTwo.accuracies
    // Both strategies guess among ten classes.
    accuracies[0] = (.low, 100, [10, 10.1, 10.2], [10, 10.1, 9.9])
    let matrix = try ResultsMatrix(TwoByTwo.results(accuracies, classCount: 10))
    let validation = try Validation(matrix, fitted: [])
    let small = try #require(validation.rules.first { $0.rule == .smallOther })
    #expect(small.cells.map(\.verdict) == [.nothingLearns])
    #expect(small.overall.verdict == .nothingLearns && small.overall.mean == nil)
    let medium = try #require(validation.rules.first { $0.rule == .mediumAny })
    #expect(medium.overall.counts == [.supported: 1, .undecided: 1])
    let board = validation.scoreboard
    #expect(board.cellCount == 3 && board.nothingLearnsCount == 1 && board.ceilingCount == 0)
    // The regrets of always fine-tuning at the other places are 0.5, 10 and 0.
    let tuning = try #require(board.scores.first { $0.policy == "always-fine-tuning" })
    #expect(tuning.cellCount == 3 && isClose(tuning.meanRegret, 3.5))
    let claim = try #require(
      validation.claims.first { $0.claim.id == "all-layers-overfit-small-sets" })
    #expect(claim.cells.isEmpty)
  }
}
