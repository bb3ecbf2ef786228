import RealModule

/// The mean over several cells whose replicates hang together: replicate r of every cell of one
/// stratum has the same task.
///
/// Every cell weighs the same, however many replicates it has. The interval is Student's t with the
/// variance between clusters (a replicate of a stratum, summed over its cells), strata being
/// independent (Cochran, "Sampling Techniques", 1977, chapters 5 and 9), and Satterthwaite's degrees
/// of freedom. It is about new replicates of the same cells, not about other cells.
package struct ClusteredMean: Sendable, Hashable {
  package let mean: Double
  /// `nil` where a cell has fewer than two replicates.
  package let interval: ConfidenceInterval?

  /// `nil` where no cell has a value; cells without take no part.
  ///
  /// - Parameter strata: Per stratum its cells, each with a value per replicate.
  package init?(_ strata: [[[Double?]]], confidence: Double = 0.95) {
    let strata = strata.map { $0.filter { $0.contains { $0 != nil } } }
    let cellCount = strata.reduce(0) { $0 + $1.count }
    guard cellCount > 0 else { return nil }
    var sum = 0.0
    var (variance, spread) = (0.0, 0.0)
    var isBounded = true
    for cells in strata where !cells.isEmpty {
      var clusters = Array(repeating: 0.0, count: cells.map(\.count).max() ?? 0)
      var fewest = Int.max
      for cell in cells {
        let known = cell.compactMap { $0 }
        let mean = known.reduce(0, +) / Double(known.count)
        sum += mean
        fewest = min(fewest, known.count)
        guard known.count >= 2 else { continue }
        let (count, isConstant) = (Double(known.count), known.allSatisfy { $0 == known[0] })
        if isConstant { continue }
        // So that the variance of a single cell is s² / n.
        let scale = Double.sqrt(count / (count - 1)) / count / Double(cellCount)
        for (replicate, value) in cell.enumerated() {
          if let value { clusters[replicate] += scale * (value - mean) }
        }
      }
      guard fewest >= 2 else {
        isBounded = false
        continue
      }
      let own = clusters.reduce(0) { $0 + $1 * $1 }
      variance += own
      spread += own * own / Double(fewest - 1)
    }
    mean = sum / Double(cellCount)
    guard isBounded else {
      interval = nil
      return
    }
    let halfWidth =
      variance > 0
      ? StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: variance * variance / spread)
        * Double.sqrt(variance) : 0
    interval = ConfidenceInterval(lower: mean - halfWidth, upper: mean + halfWidth)
  }
}
