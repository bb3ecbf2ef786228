import RealModule

/// How far two rankings of the same things agree: 1 fully, −1 where one is the other reversed.
package enum KendallTau {
  /// Tau-b, which corrects for ties (Kendall, "The Treatment of Ties in Ranking Problems",
  /// Biometrika 33, 1945).
  ///
  /// `nil` where all values of one side are equal, or there are fewer than two.
  package static func tauB(_ first: [Double], _ second: [Double]) -> Double? {
    correlation(first, second) { _, _ in 1 }
  }

  /// Weighted tau with additive hyperbolic weights: an exchange of the best weighs most (Vigna, "A
  /// Weighted Correlation Index for Rankings with Ties", WWW 2015).
  ///
  /// The largest value has rank 0; an exchange of the ranks r and s weighs 1/(r + 1) + 1/(s + 1).
  /// The mean of the figures by the ranks of `first` and by those of `second`, as in SciPy. `nil`
  /// as for ``tauB(_:_:)``.
  package static func weighted(_ first: [Double], _ second: [Double]) -> Double? {
    let byFirst = correlation(first, second, weight: hyperbolic(ranks(first, second)))
    let bySecond = correlation(first, second, weight: hyperbolic(ranks(second, first)))
    return byFirst.flatMap { one in bySecond.map { (one + $0) / 2 } }
  }

  private static func hyperbolic(_ ranks: [Int]) -> (Int, Int) -> Double {
    { 1 / Double(ranks[$0] + 1) + 1 / Double(ranks[$1] + 1) }
  }

  /// Ranks from the largest value, ties by the other side.
  private static func ranks(_ values: [Double], _ ties: [Double]) -> [Int] {
    let order = values.indices.sorted { (values[$0], ties[$0]) > (values[$1], ties[$1]) }
    var ranks = Array(repeating: 0, count: values.count)
    for (rank, index) in order.enumerated() { ranks[index] = rank }
    return ranks
  }

  /// ⟨x, y⟩ / √(⟨x, x⟩ ⟨y, y⟩) with ⟨x, y⟩ the weighted sum of sign products over all pairs.
  private static func correlation(
    _ first: [Double], _ second: [Double], weight: (Int, Int) -> Double
  ) -> Double? {
    // Our own contract: both sides rank the same things.
    precondition(first.count == second.count)
    var (product, firstSquare, secondSquare) = (0.0, 0.0, 0.0)
    for i in first.indices {
      for j in 0..<i {
        let (one, other) = (sign(first[i], first[j]), sign(second[i], second[j]))
        let weight = weight(i, j)
        product += one * other * weight
        firstSquare += one * one * weight
        secondSquare += other * other * weight
      }
    }
    guard firstSquare > 0, secondSquare > 0 else { return nil }
    return product / (Double.sqrt(firstSquare) * Double.sqrt(secondSquare))
  }

  private static func sign(_ left: Double, _ right: Double) -> Double {
    left > right ? 1 : left < right ? -1 : 0
  }
}
