import Records

/// Which replicates of different similarities share their random influences.
///
/// Replicates with the same number and similarity always share them over all train sizes, since
/// they have the same task.
package enum ReplicatePairing: Sendable, Hashable {
  /// Replicate r of every similarity is paired: its synthetic tasks have the same class rules,
  /// labels and noise, so that all of its accuracies are high or low together.
  case acrossSimilarities
  /// Only replicates of one similarity are paired: the tasks of a published table are independent.
  case withinSimilarity

  /// The values grouped by stratum, as ``ClusteredMean`` expects them.
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
