/// All rules and claims judged by one sweep, and the scoreboard of advisors.
package struct Validation: Sendable {
  package let matrix: ResultsMatrix
  package let criteria: VerdictCriteria
  /// The rules under test, then their rivals.
  package let rules: [RuleJudgement]
  package let claims: [ClaimJudgement]
  package let scoreboard: Scoreboard
  /// Whether advisors that learn from the matrix are scored.
  package let scoresFits: Bool

  /// The most places of a matrix from which advisors learn by default, and the most pairs of a
  /// place and a strategy.
  ///
  /// The time of fitting grows with the third power of the number of places, and with that of
  /// strategies.
  package static let mostFitted = (places: 100, pairs: 1_000)

  /// Judges the catalog of rules and claims.
  ///
  /// - Parameter fitted: Advisors to score besides the rules, which learn from the matrix (default:
  ///   all that there are, and none with more than ``mostFitted``).
  /// - Throws: What a fitted advisor throws.
  package init(
    _ matrix: ResultsMatrix, criteria: VerdictCriteria = .standard,
    fitted: [any AdvisingPolicy]? = nil
  ) throws {
    self.matrix = matrix
    self.criteria = criteria
    rules = RuleSet.all.flatMap { set in
      set.rules.map { RuleJudgement($0, of: set, in: matrix, criteria: criteria) }
    }
    // Claims about kinds of shift need results that have some.
    claims = Claim.all.filter { $0.measure.shift == nil || matrix.hasShifts }
      .map { ClaimJudgement($0, in: matrix, criteria: criteria) }
    let places = matrix.cells.count
    let isSmall =
      places <= Self.mostFitted.places && places * matrix.arms.count <= Self.mostFitted.pairs
    let fitted = try fitted ?? (isSmall ? Self.fittedPolicies(matrix) : [])
    scoresFits = !fitted.isEmpty
    scoreboard = try Scoreboard(RuleSet.all + fitted, in: matrix, criteria: criteria)
  }

  private static func fittedPolicies(
    _ matrix: ResultsMatrix
  ) throws -> [any AdvisingPolicy] {
    let fits = try HeldOutFits(matrix)
    return [
      NearestCellPolicy(), MeasuredPolicy(fits: fits), RecommendPolicy(.all, fits: fits),
      RecommendPolicy(.decided, fits: fits),
    ]
  }
}

/// A rule with its verdicts at every measured place that it governs.
package struct RuleJudgement: Sendable, Hashable {
  package let set: RuleSet
  package let rule: Rule
  package let cells: [RuleVerdict]
  package let overall: OverallVerdict

  init(_ rule: Rule, of set: RuleSet, in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    self.set = set
    self.rule = rule
    cells = matrix.cells
      .filter { set.governing($0.place) == rule }
      .map { RuleVerdict(rule, in: $0, criteria: criteria) }
    overall = OverallVerdict(cells, in: matrix, criteria: criteria)
  }
}

/// A claim with its verdicts at every place where it was measured.
package struct ClaimJudgement: Sendable, Hashable {
  package let claim: Claim
  package let cells: [ClaimVerdict]
  package let overall: OverallVerdict

  init(_ claim: Claim, in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    self.claim = claim
    cells = ClaimVerdict.all(claim, in: matrix, criteria: criteria)
    overall = OverallVerdict(cells, in: matrix, criteria: criteria)
  }
}
