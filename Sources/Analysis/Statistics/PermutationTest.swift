/// The paired permutation test: under the hypothesis that both treatments are alike, each
/// difference might as well have had the other sign (Fisher, "The Design of Experiments", 1935,
/// section 21).
package enum PermutationTest {
  /// Up to so many differences all 2^n signs are tried.
  package static let exactLimit = 14
  /// So many signs are drawn beyond that.
  package static let draws = 10_000

  /// The two-sided p-value of the mean difference, or `nil` for no differences.
  ///
  /// The share of sign assignments whose mean is at least as far from zero as the observed one. Of
  /// drawn assignments the observed one is counted as one more, so that the test keeps its level
  /// (Phipson and Smyth, "Permutation P-values Should Never Be Zero", 2010).
  ///
  /// The smallest p-value that n differences can give is 2 / 2^n: with five, 0.0625.
  ///
  /// - Parameter seed: Seed of the draws; of no effect up to ``exactLimit``.
  package static func pValue(_ differences: [Double], seed: UInt64) -> Double? {
    guard !differences.isEmpty else { return nil }
    let observed = differences.reduce(0, +).magnitude
    // Sums in another order differ in their last bits.
    let threshold = observed - 1e-12 * differences.reduce(0) { $0 + $1.magnitude }
    if differences.count <= exactLimit {
      let total = 1 << differences.count
      let extreme = (0..<total).count { signs in
        sum(differences, signs: UInt64(signs)).magnitude >= threshold
      }
      return Double(extreme) / Double(total)
    }
    var generator = SplitMix64(seed: seed)
    let extreme = (0..<draws).count { _ in
      var sum = 0.0
      var signs: UInt64 = 0
      for (index, difference) in differences.enumerated() {
        if index.isMultiple(of: 64) { signs = generator.next() }
        sum += signs & 1 == 0 ? difference : -difference
        signs >>= 1
      }
      return sum.magnitude >= threshold
    }
    return Double(extreme + 1) / Double(draws + 1)
  }

  private static func sum(_ differences: [Double], signs: UInt64) -> Double {
    var sum = 0.0
    for (index, difference) in differences.enumerated() {
      sum += signs >> index & 1 == 0 ? difference : -difference
    }
    return sum
  }
}
