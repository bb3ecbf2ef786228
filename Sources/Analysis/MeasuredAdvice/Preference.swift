/// What a practitioner values most.
///
/// The allowed loss is a number of points of accuracy below the best strategy.
package enum Preference: String, CaseIterable, Sendable, Codable {
  /// The strategy that is expected to be the most accurate, whatever it costs.
  case accuracy
  /// The cheapest strategy that loses at most the margin, with the requested confidence.
  case balanced
  /// The cheapest strategy that loses at most five margins, with the requested confidence.
  case cheap

  /// The allowed loss as a multiple of the margin.
  package var allowedMargins: Double { self == .cheap ? 5 : 1 }
}

/// The criteria of advice.
package struct AdviceCriteria: Sendable, Hashable, Codable {
  package let preference: Preference
  /// Accuracy differences up to this many points are ignored; greater than 0.
  package let margin: Double
  /// The required probability that the advised strategy loses no more than allowed.
  package let confidence: Double

  package init(preference: Preference = .accuracy, margin: Double = 1, confidence: Double = 0.95) {
    // A contract with callers, which check their options.
    precondition(margin > 0 && confidence > 0 && confidence < 1)
    self.preference = preference
    self.margin = margin
    self.confidence = confidence
  }

  /// The allowed loss as a fraction.
  package var allowedLoss: Double { preference.allowedMargins * margin / 100 }
}
