/// The scores of advisors, each on every telling place of a matrix.
///
/// A fitted advisor is scored twice: on places whose similarity, and on places whose train size, it
/// has not seen.
package struct Scoreboard: Sendable, Hashable {
  /// The scores, in the order of the advisors.
  package let scores: [PolicyScore]
  /// The number of places that are scored.
  package let cellCount: Int
  /// The number of places where nothing learns, which are not scored.
  package let nothingLearnsCount: Int
  /// The number of places where all strategies are at the ceiling, which are not scored.
  package let ceilingCount: Int

  /// - Parameter reference: The advisor that the others are compared with (default: the rule
  ///   table).
  package init(
    _ policies: [any AdvisingPolicy], in matrix: ResultsMatrix,
    criteria: VerdictCriteria = .standard, reference: some AdvisingPolicy = RuleSet.table
  ) throws {
    let baseline = try HeldOut.nothing.advice(reference, in: matrix)
    var scores: [PolicyScore] = []
    for policy in policies {
      for heldOut in policy.isFitted ? [HeldOut.similarity, .trainSize] : [.nothing] {
        var score = try PolicyScore(policy, heldOut: heldOut, in: matrix, criteria: criteria)
        if policy.name != reference.name {
          score.difference = PolicyDifference(
            score.advice, baseline, in: matrix, criteria: criteria)
        }
        scores.append(score)
      }
    }
    let strengths = matrix.cells.map { $0.strength(criteria) }
    cellCount = strengths.count { $0 == .telling }
    nothingLearnsCount = strengths.count { $0 == .nothingLearns }
    ceilingCount = strengths.count { $0 == .ceiling }
    self.scores = Scoreboard.markingFront(scores, cellCount: cellCount)
  }

  /// Marks the scores on the Pareto front of regret and cost, among advisors that cover every
  /// place.
  private static func markingFront(_ scores: [PolicyScore], cellCount: Int) -> [PolicyScore] {
    let complete = scores.indices.filter {
      scores[$0].cellCount == cellCount && scores[$0].costRatio != nil
    }
    let front = ParetoFront.indices(
      accuracies: complete.map { -(scores[$0].meanRegret ?? .infinity) },
      costs: complete.map { scores[$0].costRatio ?? .infinity })
    var marked = scores
    for index in front { marked[complete[index]].isOnFront = true }
    return marked
  }
}
