package import Records

/// How far the advised arm is behind the best of the other arms.
///
/// Measured against the best *other* arm, so that it stays meaningful where the advised arm is the
/// best: it is then negative, and says by how much the advised arm leads. A rule that picks the
/// best arm is thus not supported by that alone, but by leading, or trailing by at most the margin,
/// with confidence.
package struct Regret: Sendable, Hashable {
  /// The arm that is compared with: the best of the others.
  ///
  /// That is the one with the largest mean paired difference to the advised arm, the first of them
  /// in plan order. Without missing replicates, it is the one with the highest mean accuracy.
  package let rival: Arm
  /// The paired differences to all other arms, in percentage points.
  package let largest: LargestDifference

  /// Mean accuracy of the rival minus that of the advised arm over the replicates that both have,
  /// in percentage points; on average rather too large than too small, being a maximum.
  package var points: Double { largest.mean }
  /// The interval of the true regret, in points, which accounts for the choice of the rival; `nil`
  /// where only one replicate is shared.
  package var interval: ConfidenceInterval? { largest.interval?.clipped(to: .difference) }
  /// How many replicates both arms have.
  package var pairCount: Int { largest.pairCount }

  /// The regret of the advised arm, or `nil` where no other arm shares a replicate with it.
  package init?(
    of advised: ArmSummary, among arms: [ArmSummary], confidence: Double = 0.95
  ) {
    let others = arms.filter { $0.arm != advised.arm }
    let differences = others.map { other in
      PairedDifferences(
        other.percentages, advised.percentages, replication: advised.replication)
    }
    guard let largest = LargestDifference(of: differences, confidence: confidence) else {
      return nil
    }
    rival = others[largest.index].arm
    self.largest = largest
  }
}

extension ArmSummary {
  /// Test accuracies in percent.
  var percentages: [Double?] { accuracies.map { $0.map { $0 * 100 } } }
}
