/// What a practitioner wants most.
///
/// The allowed loss is a number of points of accuracy below the best arm.
package enum Preference: String, CaseIterable, Sendable {
  /// The arm that is expected to be the most accurate, whatever it costs.
  case accuracy
  /// The cheapest arm that loses at most the margin, with the asked for confidence.
  case balanced
  /// The cheapest arm that loses at most five margins, with the asked for confidence.
  case cheap

  /// How many margins may be lost.
  package var allowedMargins: Double { self == .cheap ? 5 : 1 }
}

/// What advice has to meet.
package struct AdviceCriteria: Sendable, Hashable {
  package let preference: Preference
  /// Points of accuracy that count as nothing, greater than 0.
  package let margin: Double
  /// The probability with which advice loses no more than allowed; below it there is none.
  package let confidence: Double

  package init(preference: Preference = .accuracy, margin: Double = 1, confidence: Double = 0.95) {
    // Our own contract: options are checked where they are read.
    precondition(margin > 0 && confidence > 0 && confidence < 1)
    self.preference = preference
    self.margin = margin
    self.confidence = confidence
  }

  /// The allowed loss as a share.
  var allowedLoss: Double { preference.allowedMargins * margin / 100 }
}
