import RealModule

/// The standard normal distribution.
package enum Normal {
  package static func density(_ z: Double) -> Double {
    Double.exp(-z * z / 2) / Double.sqrt(2 * .pi)
  }

  /// The probability of a value above `z`.
  package static func upperTail(_ z: Double) -> Double { Double.erfc(z / Double.sqrt(2)) / 2 }
}
