/// What the measurements say about a rule or a claim.
package enum Verdict: String, CaseIterable, Sendable {
  /// It holds, with the asked for confidence.
  case supported
  /// It does not hold, with the asked for confidence.
  case refuted
  /// The interval allows both, or there is none for want of replicates.
  case undecided
  /// The arms that it speaks of have no result here, or nothing to be compared with.
  case notMeasured = "not measured"

  /// Judges advice by the interval of its regret in points.
  ///
  /// Supported where the advised arm is at most the margin below the best other arm, refuted where
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

  /// Judges a claim by the interval of an effect that is positive where the claim holds.
  package init(effectInterval interval: ConfidenceInterval?) {
    switch interval {
    case .some(let interval) where interval.lower > 1e-9: self = .supported
    case .some(let interval) where interval.upper < -1e-9: self = .refuted
    default: self = .undecided
    }
  }
}

/// What a verdict has to meet.
package struct VerdictCriteria: Sendable, Hashable {
  /// The loss of accuracy that advice is forgiven, in percentage points, at least 0.
  package let margin: Double
  /// Confidence of every interval and verdict, strictly between 0 and 1.
  package let confidence: Double

  package init(margin: Double = 1, confidence: Double = 0.95) {
    // Our own contract: options are checked where they are read.
    precondition(margin >= 0 && confidence > 0 && confidence < 1)
    self.margin = margin
    self.confidence = confidence
  }

  package static let standard = VerdictCriteria()
}
