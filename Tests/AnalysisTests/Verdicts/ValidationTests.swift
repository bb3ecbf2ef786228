import Analysis
import Records
import Testing

/// The verdicts on the matrix of ``TwoByTwo``, checked by hand.
@Suite struct ValidationTests {
  /// Small and similar is supported: the advised feature extraction leads by 10 points.
  @Test func smallHigh() throws {
    let cell = try cells("small-high")[0]
    #expect(cell.verdict == .supported)
    #expect(isClose(cell.regret?.points, -10) && cell.costRatio == 1)
  }

  /// Small and different: the advised fine-tuning trails by 20 points, at four times the cost.
  @Test func smallOther() throws {
    let cell = try cells("small-other")[0]
    #expect(cell.verdict == .refuted)
    #expect(isClose(cell.regret?.interval?.lower, 20) && cell.costRatio == 4)
  }

  /// Half a point behind in every replicate is within the margin; 0, −1 and 1 are undecided.
  @Test func mediumAny() throws {
    let judgement = try judgement("medium-any")
    #expect(judgement.cells.map(\.verdict) == [.supported, .undecided])
    #expect(judgement.overall.verdict == .undecided)
    #expect(judgement.overall.counts == [.supported: 1, .undecided: 1])
  }

  /// Seven replicates would decide, four more than there are.
  ///
  /// With a standard deviation of 1, t · 1 / √n falls below the margin of 1 at seven replicates:
  /// 2.4469 / √7 = 0.925, but 2.5706 / √6 = 1.049.
  @Test func additionalReplicates() throws {
    #expect(try cells("medium-any")[1].additionalReplicates == 4)
    #expect(try judgement("medium-any").overall.additionalReplicates == 4)
  }

  /// A wider margin supports what was undecided, a narrower one refutes what was supported.
  @Test func margins() throws {
    #expect(try cells("medium-any", margin: 3).map(\.verdict) == [.supported, .supported])
    #expect(try cells("medium-any", margin: 0.25).map(\.verdict) == [.refuted, .undecided])
  }

  /// Rules whose strategy or whose place was not measured are *not measured*.
  @Test(arguments: ["large-similar", "large-low", "very-large-low", "cs231n-small-similar"])
  func notMeasured(id: String) throws {
    let overall = try judgement(id).overall
    #expect(overall.verdict == .notMeasured)
    #expect(overall.mean == nil && overall.interval == nil && overall.costRatio == nil)
  }

  /// Of the regrets 20, 0.5, 0 and 0 the mean is 5.125 and the 95th percentile 0.5 + 0.85 · 19.5;
  /// three of four places are within a point, and the costs 4, 4, 1, 1 have the mean 2.
  @Test func scoreOfTheTable() throws {
    let score = try #require(try scored("rule-table"))
    #expect(score.cellCount == 4)
    #expect(isClose(score.meanRegret, 5.125) && isClose(score.percentile95, 17.075))
    #expect(score.shareWithinMargin == 0.75 && isClose(score.costRatio, 2))
    #expect(score.difference == nil)
  }

  /// Feature extraction everywhere has no regret, gains 5.125 points over the table, and is on the
  /// front.
  @Test func scoreOfExtraction() throws {
    let score = try #require(try scored("always-feature-extraction"))
    #expect(score.meanRegret == 0 && score.isOnFront)
    #expect(isClose(score.difference?.points, 5.125))
  }

  /// An advisor whose strategy was not measured has no metrics rather than zeros.
  @Test func scoreWithoutCells() throws {
    let score = try #require(try scored("always-from-scratch"))
    #expect(score.cellCount == 0)
    #expect(score.meanRegret == nil && score.shareWithinMargin == nil && score.costRatio == nil)
  }

  /// Freezing more is four times as fast at every place: supported, with the logarithm of 4.
  @Test func speedClaim() throws {
    let claim = try #require(
      try validation().claims.first { $0.claim.id == "more-frozen-is-faster" })
    #expect(claim.overall.verdict == .supported && claim.cells.count == 4)
    #expect(isClose(claim.cells[0].effect, 1.386294361, within: 1e-9))
  }

  /// A claim whose strategies are not in the sweep has no verdict.
  @Test func claimNotMeasured() throws {
    let claims = try validation().claims
    let claim = try #require(claims.first { $0.claim.id == "pretrained-layers-want-lower-rates" })
    #expect(claim.overall.verdict == .notMeasured && claim.cells.isEmpty)
  }

  private func validation(margin: Double = 1) throws -> Validation {
    try Validation(TwoByTwo.matrix(), criteria: VerdictCriteria(margin: margin))
  }

  private func judgement(_ id: String, margin: Double = 1) throws -> RuleJudgement {
    try #require(try validation(margin: margin).rules.first { $0.rule.id == id })
  }

  private func cells(_ id: String, margin: Double = 1) throws -> [RuleVerdict] {
    try judgement(id, margin: margin).cells
  }

  private func scored(_ policy: String) throws -> PolicyScore? {
    try validation().scoreboard.scores.first { $0.policy == policy }
  }
}
