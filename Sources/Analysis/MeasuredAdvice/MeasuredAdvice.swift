package import Records

/// Advice for one task that is based on measurements, with its confidence.
package struct MeasuredAdvice: Sendable, Hashable {
  /// The result of the decision.
  package enum Outcome: Sendable, Hashable {
    /// The strategy meets the criteria.
    case advised(Arm)
    /// No strategy meets the criteria with the requested confidence; the candidates, likeliest
    /// first.
    case undecided(leading: [Arm], measure: SuggestedSweep)
    /// No strategy is shown to be better than guessing by more than the margin.
    ///
    /// - Parameters:
    ///   - chance: The accuracy of guessing, 0...1.
    ///   - cheapest: The cheapest of the measured strategies.
    case guessing(chance: Double, cheapest: Arm)
    /// The task is outside the measured range; the reason says how. The strategy is the choice by
    /// extrapolation, which is not reliable.
    case outside(reason: String, extrapolated: Arm)
  }

  /// What intervals and probabilities refer to.
  package enum Subject: String, Sendable, Hashable {
    /// The mean over tasks of the given similarity.
    case meanOverTasks = "mean over tasks"
    /// One task, which is like one of the measured tasks.
    case oneTask = "one task"
    /// The mean over splits of the labelled set.
    case meanOverSplits = "mean over splits"
    /// All folds of the labelled set together.
    case allFolds = "all folds together"
  }

  package let trainSize: Int
  /// The similarity to the source task; `nil` if it is not known.
  package let similarity: Similarity?
  package let criteria: AdviceCriteria
  package let outcome: Outcome
  package let subject: Subject
  /// Predictions for all measured strategies, in the order of the plan; extrapolated if ``outcome``
  /// is `outside`.
  package let predictions: [ArmPrediction]
  /// The smallest number of replicates that a prediction is based on; `nil` outside the measured
  /// range.
  package let replicates: Int?
  /// How the choice changes with the size, ascending; empty outside the measured range, and if a
  /// strategy was not measured around the place.
  package let crossovers: [Crossover]
  /// The models that were compared, and the one that predicts.
  package let comparison: ModelComparison
  /// The advice of the rule table; `nil` if the similarity is not known.
  package let rule: Advice?
  /// The verdict on ``rule`` over all places that it governs.
  package let ruleVerdict: Verdict?

  /// With fewer replicates than this, probabilities are shown with a warning: random errors are
  /// then hardly known.
  package static let enoughReplicates = 5

  /// The strategy to use: the advised one or, outside the measured range, the choice by
  /// extrapolation.
  package var arm: Arm? {
    switch outcome {
    case .advised(let arm), .outside(_, let arm): arm
    case .undecided, .guessing: nil
    }
  }
}
