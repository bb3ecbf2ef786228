package import Records

/// What measurements say about one task, and how sure they are.
package struct MeasuredAdvice: Sendable, Hashable {
  package enum Outcome: Sendable, Hashable {
    /// The arm meets the criteria.
    case advised(Arm)
    /// No arm meets them with the asked for confidence; one of these will, the likeliest first.
    case undecided(leading: [Arm], measure: SuggestedSweep)
    /// The task lies outside of what was measured; the reason says how.
    case outside(reason: String)
  }

  package let trainSize: Int
  /// `nil` where it is not known.
  package let similarity: Similarity?
  package let criteria: AdviceCriteria
  package let outcome: Outcome
  /// All measured arms, in the order of the plan; extrapolated where ``outcome`` is `outside`.
  package let predictions: [ArmPrediction]
  /// How the choice changes with the size, ascending; empty outside of the measured range.
  package let crossovers: [Crossover]
  /// The models that were compared, and the one that predicts.
  package let comparison: ModelComparison
  /// What the rule table advises; `nil` where the similarity is not known.
  package let rule: Advice?

  /// The arm to use: the advised one, or outside of the measured range that of the rule table.
  package var arm: Arm? {
    switch outcome {
    case .advised(let arm): arm
    case .undecided: nil
    case .outside: rule?.arm
    }
  }
}
