package import Records

/// The accuracy that a strategy gains from one train size to the next.
package struct LearningGain: Sendable, Hashable {
  package let arm: Arm
  package let fewer: Int
  package let more: Int
  /// In percentage points, by replicate.
  package let differences: PairedDifferences

  /// The gains of every strategy from each train size of a similarity to the next.
  ///
  /// - Returns: One row per step, each with the strategies of the plan in its order.
  package static func all(
    in matrix: ResultsMatrix, similarity: Similarity
  ) -> [[LearningGain]] {
    let cells = matrix.cells.filter { $0.similarity == similarity }
      .sorted { $0.trainSize < $1.trainSize }
    return zip(cells, cells.dropFirst()).map { fewer, more in
      zip(fewer.arms, more.arms).map { before, after in
        LearningGain(
          arm: after.arm, fewer: fewer.trainSize, more: more.trainSize,
          differences: after.lead(over: before))
      }
    }
  }
}
