/// What the measurements say about a rule or a claim.
package enum Verdict: String, CaseIterable, Sendable {
  /// The rule or claim holds, with the requested confidence.
  case supported
  /// The rule or claim does not hold, with the requested confidence.
  case refuted
  /// The interval allows both, or there is no interval because of too few replicates.
  case undecided
  /// The strategies in question have no results here, or nothing to be compared with.
  case notMeasured = "not measured"
  /// No strategy is shown to be better than guessing here, so that nothing is said about advice.
  case nothingLearns = "nothing learns"
  /// All strategies are within the margin of 100 % here, so that nothing is said about advice.
  case ceiling = "at the ceiling"

  /// Whether the place says anything about the advice or the claim.
  package var isTelling: Bool {
    switch self {
    case .supported, .refuted, .undecided: true
    case .notMeasured, .nothingLearns, .ceiling: false
    }
  }

  /// Judges advice by the interval of its regret in points.
  ///
  /// Supported if the advised strategy is at most the margin below the best other one, refuted if
  /// it is further below.
  ///
  /// Accuracies are decimal fractions that binary numbers only approximate: 0.99 − 0.98 comes out
  /// above 0.01. A billionth of a point therefore counts as equal to the margin.
  package init(regretInterval interval: ConfidenceInterval?, margin: Double = 1) {
    let margin = margin + 1e-9
    switch interval {
    case .some(let interval) where interval.upper <= margin: self = .supported
    case .some(let interval) where interval.lower > margin: self = .refuted
    default: self = .undecided
    }
  }

  /// Judges a claim by the interval of an effect that is positive if the claim holds.
  package init(effectInterval interval: ConfidenceInterval?) {
    switch interval {
    case .some(let interval) where interval.lower > 1e-9: self = .supported
    case .some(let interval) where interval.upper < -1e-9: self = .refuted
    default: self = .undecided
    }
  }
}

/// The criteria of a verdict.
package struct VerdictCriteria: Sendable, Hashable {
  /// The accuracy loss that still counts as good advice, in percentage points, at least 0.
  package let margin: Double
  /// The margin for advice as a fraction of the best strategy's error at a place, at least 0, in
  /// place of ``margin``; `nil` for the same margin everywhere.
  ///
  /// A point is little where half of the examples are wrong, and much where one in a hundred is.
  package let relativeMargin: Double?
  /// Confidence of every interval and verdict, strictly between 0 and 1.
  package let confidence: Double

  package init(margin: Double = 1, relativeMargin: Double? = nil, confidence: Double = 0.95) {
    // A contract with callers, which check their options.
    precondition(margin >= 0 && confidence > 0 && confidence < 1 && relativeMargin ?? 0 >= 0)
    self.margin = margin
    self.relativeMargin = relativeMargin
    self.confidence = confidence
  }

  /// The accuracy loss that still counts as good advice at a place, in points.
  func margin(at cell: MatrixCell) -> Double {
    guard let relativeMargin, let best = cell.bestArm?.meanAccuracy else { return margin }
    return relativeMargin * 100 * (1 - best)
  }

  package static let standard = VerdictCriteria()
}
