package import Records

/// One change between a baseline and new results.
package struct BaselineChange: Sendable, Hashable {
  /// The kind of a change.
  package enum Kind: String, Sendable {
    /// There are fewer completed replicates than in the baseline.
    case missing
    /// A metric is worse than the tolerance allows, with confidence.
    case worse
    /// A rule that was supported is refuted, or the other way round.
    case flipped
    /// A metric is better by more than the tolerance, with confidence.
    case better
    /// A rule's verdict changed from or to undecided.
    case changed

    /// Whether a check fails because of such a change.
    package var isRegression: Bool {
      switch self {
      case .missing, .worse, .flipped: true
      case .better, .changed: false
      }
    }
  }

  package let kind: Kind
  package let place: BaselinePlace
  /// The name of a metric, `replicates` or `verdict`.
  package let what: String
  /// The mean over the compared replicates in the baseline, or their number.
  package var before: Double?
  /// The mean over the compared replicates in the new results, or their number.
  package var after: Double?
  /// The 95 % interval of ``after`` minus ``before``; `nil` if there are too few replicates.
  package var interval: ConfidenceInterval?
  /// The p-value after Holm's correction for all comparisons of the check.
  package var pValue: Double?
  /// The tolerated change.
  package var allowance: Double?
  /// The verdicts in the baseline and in the new results; empty for metrics.
  package var verdicts: [Verdict] = []
}

/// The location of a change; `nil` members stand for all values together.
package struct BaselinePlace: Sendable, Hashable {
  package var similarity: Similarity?
  package var trainSize: Int?
  /// The name of a strategy, or the identifier of a rule.
  package var arm: String
  package var depth: Int?

  package init(
    similarity: Similarity? = nil, trainSize: Int? = nil, arm: String, depth: Int? = nil
  ) {
    self.similarity = similarity
    self.trainSize = trainSize
    self.arm = arm
    self.depth = depth
  }
}
