/// Whether a mean difference is shown to lie within a margin of zero, which a large p-value of a
/// test for difference does not show.
package enum Equivalence {
  /// The p-value of two one-sided t tests (Schuirmann, 1987), or `nil` for fewer than two
  /// differences: the larger of those against −margin and against margin.
  ///
  /// - Parameter margin: Greater than 0, in the unit of the differences.
  package static func pValue(_ differences: [Double], margin: Double) -> Double? {
    let above = PairedDifferences(differences).pValue(above: -margin)
    let below = PairedDifferences(differences).negated.pValue(above: -margin)
    return above.flatMap { above in below.map { max(above, $0) } }
  }

  /// Whether the 1 − 2 `level` percentile bootstrap interval lies within ±margin; `nil` for fewer
  /// than two differences.
  ///
  /// The bootstrap form of the two tests at that level; it is too ready to see equivalence in few
  /// differences.
  package static func holdsByBootstrap(
    _ differences: [Double], margin: Double, level: Double = 0.05, seed: UInt64
  ) -> Bool? {
    Bootstrap.interval(differences, confidence: 1 - 2 * level, seed: seed)
      .map { $0.lower >= -margin && $0.upper <= margin }
  }
}
