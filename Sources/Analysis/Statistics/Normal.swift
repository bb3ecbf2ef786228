import RealModule

/// The standard normal distribution.
package enum Normal {
  /// The probability of a value of at most `z`: erfc(−z / √2) / 2.
  package static func cumulative(_ z: Double) -> Double { Double.erfc(-z / Double.sqrt(2)) / 2 }

  /// The value below which a share `probability` of the distribution lies.
  ///
  /// Infinite at 0 and 1. Found by bisection down to neighbouring numbers.
  package static func quantile(_ probability: Double) -> Double {
    if probability <= 0 { return -.infinity }
    if probability >= 1 { return .infinity }
    // The tail is the smaller one, which loses no digits.
    let tail = min(probability, 1 - probability)
    var low = -40.0
    var high = 0.0
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if cumulative(middle) < tail { low = middle } else { high = middle }
    }
    return probability < 0.5 ? high : -high
  }
}
