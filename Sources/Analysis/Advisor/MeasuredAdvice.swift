package import Records

/// What measurements say about one task, and how sure they are.
package struct MeasuredAdvice: Sendable, Hashable {
  package enum Outcome: Sendable, Hashable {
    /// The arm meets the criteria.
    case advised(Arm)
    /// No arm meets them with the asked for confidence; one of these will, the likeliest first.
    case undecided(leading: [Arm], measure: SuggestedSweep)
    /// No arm is shown to be better than guessing by more than the margin.
    ///
    /// - Parameters:
    ///   - chance: the accuracy of guessing, 0...1.
    ///   - cheapest: of the measured arms.
    case guessing(chance: Double, cheapest: Arm)
    /// The task lies outside of what was measured; the reason says how. The arm is what the model
    /// extrapolates to, which is not to be relied on.
    case outside(reason: String, extrapolated: Arm)
  }

  /// What intervals and probabilities are of.
  package enum Subject: String, Sendable, Hashable {
    /// The mean over tasks of the similarity.
    case meanOverTasks = "mean over tasks"
    /// One task, which is like one of those that were measured.
    case oneTask = "one task"
    /// The mean over splits of the labelled set.
    case meanOverSplits = "mean over splits"
  }

  package let trainSize: Int
  /// `nil` where it is not known.
  package let similarity: Similarity?
  package let criteria: AdviceCriteria
  package let outcome: Outcome
  package let subject: Subject
  /// All measured arms, in the order of the plan; extrapolated where ``outcome`` is `outside`.
  package let predictions: [ArmPrediction]
  /// The fewest replicates that a prediction rests on; `nil` outside of the measured range.
  package let replicates: Int?
  /// How the choice changes with the size, ascending; empty outside of the measured range, and where
  /// an arm was not measured around the place.
  package let crossovers: [Crossover]
  /// The models that were compared, and the one that predicts.
  package let comparison: ModelComparison
  /// What the rule table advises; `nil` where the similarity is not known.
  package let rule: Advice?
  /// What the measurements say of that rule, over all places that it governs.
  package let ruleVerdict: Verdict?

  /// With fewer replicates than this, probabilities are shown with a warning: chance itself is then
  /// hardly known.
  package static let enoughReplicates = 5

  /// The arm to use: the advised one, or outside of the measured range the one that the model
  /// extrapolates to.
  package var arm: Arm? {
    switch outcome {
    case .advised(let arm), .outside(_, let arm): arm
    case .undecided, .guessing: nil
    }
  }
}
