/// Holm's correction for several tests: with it, the probability that any true hypothesis is
/// rejected stays below the level (Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
/// Scandinavian Journal of Statistics 6, 1979).
package enum Holm {
  /// The adjusted p-values, in the given order; a hypothesis is rejected if its adjusted p-value is
  /// at most the level.
  ///
  /// The i-th smallest of m p-values is multiplied by m − i + 1, is at most 1, and at least the
  /// adjusted value of any smaller one.
  package static func adjusted(_ pValues: [Double]) -> [Double] {
    var adjusted = pValues
    var largest = 0.0
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
