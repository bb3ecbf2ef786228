import Analysis
import Records
import Testing

@Suite struct ResultsMatrixTests {
  /// Places without a completed run are not in the matrix.
  @Test func missingCells() throws {
    let matrix = try ResultsMatrix(
      TwoByTwo.results([
        (.low, 100, [40, nil, 42], [nil, nil, nil]), (.high, 1_000, [1, 2, 3], [4, 5, 6]),
      ]))
    #expect(matrix.cells.map(\.trainSize) == [100, 1_000])
    #expect(matrix.similarities == [.low, .high] && matrix.trainSizes == [100, 1_000])
    #expect(matrix.cells[0].measuredArms.map(\.arm) == [.featureExtraction])
  }

  /// A matrix without any completed run gives no verdict, and no error.
  @Test func nothingMeasured() throws {
    let validation = try Validation(ResultsMatrix(TwoByTwo.results([])))
    #expect(validation.rules.allSatisfy { $0.overall.verdict == .notMeasured })
    #expect(validation.scoreboard.scores.allSatisfy { $0.cellCount == 0 })
  }

  /// An accuracy that is not a number counts as a failed run.
  @Test func notANumber() throws {
    let matrix = try ResultsMatrix(
      TwoByTwo.results([(.high, 100, [90, .nan, 92], [80, 81, 82])]))
    #expect(matrix.cells[0].arms[0].accuracies == [0.9, nil, 0.92])
    #expect(matrix.cells[0].arms[0].failedCount == 1)
  }

  /// An accuracy above 1 is an error that names the run.
  @Test func notAShare() {
    let results = TwoByTwo.results([(.high, 100, [9_000, 91, 92], [80, 81, 82])])
    let failure = #expect(throws: Failure.self) { try ResultsMatrix(results) }
    #expect(failure?.kind == .badData)
    #expect(failure?.description.contains("high n=100 feature-extraction r0") == true)
  }

  /// One replicate gives regrets without intervals, and decides nothing.
  @Test func oneReplicate() throws {
    let validation = try Validation(ResultsMatrix(TwoByTwo.results(replicates: 1)))
    let cell = try #require(validation.rules.first { $0.rule.id == "small-other" }?.cells.first)
    #expect(isClose(cell.regret?.points, 20) && cell.regret?.interval == nil)
    #expect(cell.verdict == .undecided && cell.additionalReplicates == nil)
    #expect(validation.scoreboard.scores[0].interval == nil)
  }

  /// A sweep over the freeze depth is refused with an error that names it.
  @Test func depthSweep() {
    let plan = SweepPlan(
      architecture: "medium", similarities: [.low], trainSizes: [100], arms: [.transferFrozen],
      depths: [0, 3], replicates: 1, weightsDigest: "w")
    let results = SweepResults(
      plan: plan, provenance: TwoByTwo.results().provenance, cells: [])
    let failure = #expect(throws: Failure.self) { try ResultsMatrix(results) }
    #expect(failure?.description.contains("freeze depth") == true)
  }
}
