import RealModule

/// The standard normal distribution.
package enum Normal {
  package static func density(_ z: Double) -> Double {
    Double.exp(-z * z / 2) / Double.sqrt(2 * .pi)
  }

  /// The probability of a value above `z`.
  package static func upperTail(_ z: Double) -> Double { Double.erfc(z / Double.sqrt(2)) / 2 }

  /// The value below which a normal number is with a probability, strictly between 0 and 1.
  package static func quantile(_ probability: Double) -> Double {
    // Halving the range 80 times leaves less than the distance of neighbouring numbers.
    var (low, high) = (-40.0, 40.0)
    for _ in 0..<80 {
      let middle = (low + high) / 2
      // The lower tail, so that small probabilities keep their digits.
      if upperTail(-middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
