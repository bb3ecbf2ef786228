/// A closed range that contains a quantity with a given confidence.
///
/// An end is infinite if the measurements do not bound the quantity on that side.
package struct ConfidenceInterval: Sendable, Hashable, Codable {
  package let lower, upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var halfWidth: Double { (upper - lower) / 2 }

  /// The part of the interval within a range of possible values; the nearest end of the range if
  /// they do not overlap.
  package func clipped(to possible: ConfidenceInterval) -> ConfidenceInterval {
    func inside(_ end: Double) -> Double { min(max(end, possible.lower), possible.upper) }
    return ConfidenceInterval(lower: inside(lower), upper: inside(upper))
  }

  /// The range of accuracies.
  static let share = ConfidenceInterval(lower: 0, upper: 1)
  /// The range of differences of two accuracies, in points.
  static let difference = ConfidenceInterval(lower: -100, upper: 100)
  /// The range of the regret behind the best of all strategies, in points.
  static let regret = ConfidenceInterval(lower: 0, upper: 100)
}
