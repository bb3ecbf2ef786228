/// What the measurements say about a rule in one row.
package enum Verdict: String, CaseIterable, Sendable {
  /// The advised arm is at most the margin below the best other arm, with 95 % confidence.
  case supported
  /// The advised arm is more than the margin below the best other arm, with 95 % confidence.
  case refuted
  /// The interval lies on both sides of the margin, or there is none for want of replicates.
  case undecided
  /// The advised arm has no result here, or nothing to be compared with.
  case notMeasured = "not measured"

  /// The loss of accuracy that a rule is forgiven, in percentage points.
  package static let margin = 1.0

  /// Judges the interval of a regret in points.
  ///
  /// Accuracies are decimal fractions that binary numbers only approximate: 0.99 − 0.98 comes out
  /// above 0.01. A billionth of a point therefore counts as equal to the margin.
  package init(regretInterval interval: ConfidenceInterval?) {
    let margin = Verdict.margin + 1e-9
    switch interval {
    case .some(let interval) where interval.upper <= margin: self = .supported
    case .some(let interval) where interval.lower > margin: self = .refuted
    default: self = .undecided
    }
  }
}
