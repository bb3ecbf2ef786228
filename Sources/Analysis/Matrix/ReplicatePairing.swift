import Records

/// Which replicates of different similarities share what is random about them.
///
/// Replicates of one similarity always do, over all train sizes: they have the same task.
package enum ReplicatePairing: Sendable, Hashable {
  /// Replicate r of every similarity: its synthetic tasks have the same class rules, labels and noise,
  /// so that all of its figures are high or low together.
  case acrossSimilarities
  /// Those of one similarity alone: every task of a published table is one of its own.
  case withinSimilarity

  /// Values by stratum, in the form that ``ClusteredMean`` takes.
  func strata(
    _ cells: [(similarity: Similarity?, values: [Double?])]
  ) -> [[[Double?]]] {
    guard self == .withinSimilarity else { return [cells.map(\.values)] }
    var order: [Similarity?] = []
    var strata: [Similarity?: [[Double?]]] = [:]
    for cell in cells {
      if strata[cell.similarity] == nil { order.append(cell.similarity) }
      strata[cell.similarity, default: []].append(cell.values)
    }
    return order.compactMap { strata[$0] }
  }
}
