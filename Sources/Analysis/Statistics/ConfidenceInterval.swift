/// A range that holds the quantity in question with the stated confidence; both ends belong to it.
///
/// An end is infinite where the measurements do not bound the quantity on that side.
package struct ConfidenceInterval: Sendable, Hashable {
  package let lower, upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var halfWidth: Double { (upper - lower) / 2 }

  /// The part of it that is possible at all; where nothing of it is, the nearest that is.
  package func clipped(to possible: ConfidenceInterval) -> ConfidenceInterval {
    func inside(_ end: Double) -> Double { min(max(end, possible.lower), possible.upper) }
    return ConfidenceInterval(lower: inside(lower), upper: inside(upper))
  }

  /// Where accuracies lie.
  static let share = ConfidenceInterval(lower: 0, upper: 1)
  /// Where differences of two accuracies lie, in points.
  static let difference = ConfidenceInterval(lower: -100, upper: 100)
  /// Where the regret behind the best of all arms lies, in points.
  static let regret = ConfidenceInterval(lower: 0, upper: 100)
}
