package import Records

/// One thing that moved between a baseline and new results.
package struct BaselineChange: Sendable, Hashable {
  /// What it is that moved.
  package enum Kind: String, Sendable {
    /// A cell has fewer completed replicates than in the baseline.
    case missing
    /// A figure is worse than the tolerance allows, with confidence.
    case worse
    /// A rule that was supported is refuted, or the other way round.
    case flipped
    /// A figure is better by more than the tolerance, with confidence.
    case better
    /// A rule's verdict changed from or to undecided.
    case changed

    /// Whether a check fails for it.
    package var isRegression: Bool {
      switch self {
      case .missing, .worse, .flipped: true
      case .better, .changed: false
      }
    }
  }

  package let kind: Kind
  package let place: BaselinePlace
  /// A figure's name, `replicates` or `verdict`.
  package let what: String
  /// Means over the replicates that were compared, or numbers of replicates.
  package var before: Double?
  package var after: Double?
  /// The 95 % interval of after minus before; `nil` below two pairs.
  package var interval: ConfidenceInterval?
  /// Holm-adjusted over all comparisons of the check.
  package var pValue: Double?
  /// What would have been let pass.
  package var allowance: Double?
  /// Verdicts before and after.
  package var verdicts: [Verdict] = []
}

/// Where something moved; parts that are `nil` are taken together.
package struct BaselinePlace: Sendable, Hashable {
  package var similarity: Similarity?
  package var trainSize: Int?
  /// An arm's name, or a rule's.
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
