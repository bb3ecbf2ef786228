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
}
