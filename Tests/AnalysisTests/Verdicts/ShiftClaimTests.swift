import Analysis
import Records
import Testing

/// The claims about which block to tune for which kind of shift, and results with kinds.
struct ShiftClaimTests {
  /// Strategies with the names that the claims look for.
  private static let arms = ["early", "middle", "late"].map { word in
    Arm(
      name: "surgical-\(word)", strategy: .fineTuning, frozenGroups: [],
      learningRates: .uniform(1e-3))
  }

  /// Accuracies in percent of the three strategies, by similarity; two replicates each.
  private func results(_ rows: [(Similarity, [[Double]])]) -> SweepResults {
    let plan = SweepPlan(
      architecture: "medium", similarities: rows.map(\.0), trainSizes: [100], arms: Self.arms,
      replicates: 2, weightsDigest: "w")
    let cells = rows.flatMap { similarity, columns in
      zip(Self.arms, columns).flatMap { arm, percents in
        percents.enumerated().map { replicate, percent in
          SampleSweep.result(
            RunKey(similarity: similarity, trainSize: 100, arm: arm, replicate: replicate), percent)
        }
      }
    }
    return SweepResults(
      plan: plan,
      provenance: Provenance(
        toolVersion: "1", commandLine: "", processor: "", libraries: [], finishedAt: "", jobs: 1,
        wallSeconds: 1, taskDigests: [:]),
      cells: cells)
  }

  private let half = Similarity("0.5") ?? .medium

  /// Each claim is judged on its kind, by the smaller of the leads over the other two blocks.
  @Test func leads() throws {
    let matrix = try ResultsMatrix(
      results([
        (half.with(.input), [[60, 62], [50, 52], [40, 42]]),
        (half.with(.output), [[70, 72], [60, 62], [65, 67]]),
        (half, [[1, 2], [3, 4], [5, 6]]),
      ]))
    let claims = Dictionary(
      uniqueKeysWithValues: try Validation(matrix, fitted: []).claims.map { ($0.claim.id, $0) })
    let input = try #require(claims["surgical-input"])
    #expect(isClose(input.cells.first?.effect, 10) && input.overall.verdict == .supported)
    let output = try #require(claims["surgical-output"])
    #expect(isClose(output.cells.first?.effect, -5) && output.overall.verdict == .refuted)
    #expect(claims["surgical-feature"]?.overall.verdict == .notMeasured)
  }

  /// The claims compare strategies that a sweep offers, each group of layers with both others.
  @Test func strategies() {
    let known = Arm.known(withDepths: false)
    let arms = Claim.all.flatMap { claim -> [Arm] in
      if case .leadsUnder(_, let arm, let rivals) = claim.measure { [arm] + rivals } else { [] }
    }
    #expect(arms.count == 9 && Set(arms.map(\.name)).count == 3)
    #expect(arms.allSatisfy(known.contains))
  }

  /// Results without kinds have no verdicts on these claims.
  @Test func withoutKinds() throws {
    let matrix = try ResultsMatrix(results([(half, [[1, 2], [3, 4], [5, 6]])]))
    #expect(!matrix.hasShifts)
    #expect(!(try Validation(matrix, fitted: []).claims.contains { $0.claim.measure.shift != nil }))
  }

  /// Fitted advisors see only measurements of the kind that they are asked about.
  @Test(arguments: [HeldOut.similarity, .trainSize]) func oneKindAtATime(_ heldOut: HeldOut) throws
  {
    let quarter = Similarity("0.25") ?? .low
    let early = [[60, 62], [50, 52], [40, 42.0]]
    let late = [[40, 42], [50, 52], [60, 62.0]]
    let matrix = try ResultsMatrix(
      results([
        (half, late), (quarter, late), (half.with(.input), early), (quarter.with(.input), early),
      ]))
    #expect(matrix.shifts == [nil, .input])
    #expect(
      matrix.keeping(shift: .input).similarities == [half.with(.input), quarter.with(.input)])
    let board = try Scoreboard([NearestCellPolicy()], in: matrix)
    let score = try #require(board.scores.first { $0.heldOut == heldOut })
    let (first, last) = (Self.arms[0].name, Self.arms[2].name)
    // With the only size left out nothing of the kind is left.
    #expect(
      score.advice == (heldOut == .similarity ? [last, last, first, first] : [nil, nil, nil, nil]))
  }
}
