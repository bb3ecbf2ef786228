/// A range that holds the quantity in question with 95 % confidence; both ends belong to it.
package struct ConfidenceInterval: Sendable, Hashable {
  package let lower, upper: Double

  package init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  package var halfWidth: Double { (upper - lower) / 2 }
}
