import RealModule

/// The mean over several places whose replicates are correlated (clustered): replicate r of every
/// place of one stratum has the same random influences.
///
/// Every place has the same weight, however many replicates it has. A cluster is a replicate of a
/// stratum, summed over its places; strata are independent (Cochran, "Sampling Techniques", 1977,
/// chapters 5 and 9). Clusters with the same places are of one kind, and the variance of their sum
/// is their number times their sample variance; a cluster that is the only one of its kind
/// contributes its distance to the means of its places. The interval is Student's t with
/// Satterthwaite's degrees of freedom ("An Approximate Distribution of Estimates of Variance
/// Components", Biometrics Bulletin 2, 1946). It is about new replicates of the same places, not
/// about other places.
package struct ClusteredMean: Sendable, Hashable {
  package let mean: Double
  /// The interval of the mean; `nil` if a place has fewer than two replicates.
  package let interval: ConfidenceInterval?

  init(mean: Double, interval: ConfidenceInterval?) {
    (self.mean, self.interval) = (mean, interval)
  }

  /// Computes the mean; `nil` if no place has a value.
  ///
  /// Places without values are ignored.
  ///
  /// - Parameters:
  ///   - strata: The places of every stratum, each with a value per replicate.
  ///   - replication: What the replicates of a place have in common.
  package init?(
    _ strata: [[[Double?]]], confidence: Double = 0.95, replication: Replication = .independent
  ) {
    let strata = strata.map { $0.filter { $0.contains { $0 != nil } } }.filter { !$0.isEmpty }
    let cellCount = strata.reduce(0) { $0 + $1.count }
    guard cellCount > 0 else { return nil }
    let parts = strata.map { Stratum($0, cellWeight: 1 / Double(cellCount)) }
    mean = parts.reduce(0) { $0 + $1.sum } / Double(cellCount)
    guard parts.allSatisfy({ $0.fewest >= 2 }) else {
      interval = nil
      return
    }
    let components = parts.flatMap(\.components)
    let variance = components.reduce(0) { $0 + $1.variance }
    guard variance > 0 else {
      interval = ConfidenceInterval(lower: mean, upper: mean)
      return
    }
    let spread = components.reduce(0) { $0 + $1.variance * $1.variance / $1.degrees }
    let most = parts.reduce(0) { $0 + $1.clusterCount - 1 }
    let degrees = min(variance * variance / spread, Double(most))
    let halfWidth =
      StudentT.quantile((1 + confidence) / 2, degreesOfFreedom: degrees)
      * Double.sqrt(variance)
      * replication.errorFactor(count: parts.map(\.clusterCount).max() ?? 0)
    interval = ConfidenceInterval(lower: mean - halfWidth, upper: mean + halfWidth)
  }

  /// The contribution of one stratum.
  private struct Stratum {
    /// The sum of the means of its places.
    var sum = 0.0
    /// The smallest number of replicates of a place.
    var fewest = Int.max
    let clusterCount: Int
    /// Variances of the overall mean, one per kind of cluster.
    var components: [(variance: Double, degrees: Double)] = []

    /// - Parameter cells: The values of the places, at least one place, each with at least one
    ///   value.
    init(_ cells: [[Double?]], cellWeight: Double) {
      var clusters = Array(repeating: Cluster(), count: cells.map(\.count).max() ?? 0)
      for (index, cell) in cells.enumerated() {
        let known = cell.compactMap { $0 }
        let count = Double(known.count)
        let mean = known.reduce(0, +) / count
        sum += mean
        fewest = min(fewest, known.count)
        // The rounded mean of equal values may differ from them.
        let isConstant = known.allSatisfy { $0 == known[0] }
        for (replicate, value) in cell.enumerated() {
          guard let value else { continue }
          clusters[replicate].cells.append(index)
          if isConstant { continue }
          let deviation = cellWeight / count * (value - mean)
          clusters[replicate].deviation += deviation
          // Makes the variance of a single place s² / n.
          clusters[replicate].alone += deviation * Double.sqrt(count / max(1, count - 1))
        }
      }
      clusters = clusters.filter { !$0.cells.isEmpty }
      clusterCount = clusters.count
      var kinds: [[Int]: Int] = [:]
      var members: [[Cluster]] = []
      for cluster in clusters {
        let kind = kinds[cluster.cells, default: members.count]
        if kind == members.count {
          kinds[cluster.cells] = kind
          members.append([])
        }
        members[kind].append(cluster)
      }
      components = members.map { own in
        guard own.count > 1 else { return (own[0].alone * own[0].alone, 1) }
        let mean = own.reduce(0) { $0 + $1.deviation } / Double(own.count)
        let squares = own.reduce(0) { $0 + ($1.deviation - mean) * ($1.deviation - mean) }
        let degrees = Double(own.count - 1)
        return (Double(own.count) * squares / degrees, degrees)
      }
    }
  }

  /// A replicate over the places of a stratum.
  private struct Cluster {
    /// Indices into the places of the stratum.
    var cells: [Int] = []
    /// Its part of the deviation of the overall mean.
    var deviation = 0.0
    /// The deviation, scaled for a cluster that is the only one of its kind.
    var alone = 0.0
  }
}
