import RealModule

extension SplitMix64 {
  /// A uniform random number strictly between 0 and 1.
  package mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) / Double(UInt64(1) << 53)
  }

  /// A standard normal random number, by the method of Box and Muller.
  package mutating func normal() -> Double {
    let radius = Double.sqrt(-2 * Double.log(uniform()))
    return radius * Double.cos(2 * .pi * uniform())
  }
}
