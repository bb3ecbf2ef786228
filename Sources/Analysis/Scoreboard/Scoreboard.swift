/// The scores of advisors, each on every place of a matrix.
///
/// A fitted advisor is scored twice: on places whose similarity, and on places whose train size, it
/// has not seen.
package struct Scoreboard: Sendable, Hashable {
  /// The scores, in the order of the advisors.
  package let scores: [PolicyScore]

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
            score.advice, baseline, in: matrix, confidence: criteria.confidence)
        }
        scores.append(score)
      }
    }
    self.scores = Scoreboard.markingFront(scores, cellCount: matrix.cells.count)
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
