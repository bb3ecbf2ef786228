package import Records

/// How far the advised strategy is behind the best of the other strategies.
///
/// The comparison is with the best *other* strategy, so that it is meaningful even if the advised
/// one is the best: the regret is then negative, the lead of the advised strategy. Picking the best
/// strategy thus does not suffice to support a rule; its strategy has to lead, or trail by at most
/// the margin, with confidence.
package struct Regret: Sendable, Hashable {
  /// The best of the other strategies.
  ///
  /// It has the largest mean paired difference to the advised strategy, and is the first in plan
  /// order among equals. Without missing replicates it has the highest mean accuracy.
  package let rival: Arm
  /// The paired differences to all other strategies, in percentage points.
  package let largest: LargestDifference

  /// The mean accuracy of the rival minus that of the advised strategy over the replicates that
  /// both have, in percentage points; being a maximum, it is slightly too large on average.
  package var points: Double { largest.mean }
  /// The interval of the true regret, in points, which accounts for the choice of the rival; `nil`
  /// if only one replicate is shared.
  package var interval: ConfidenceInterval? { largest.interval?.clipped(to: .difference) }
  /// The number of replicates that both strategies have.
  package var pairCount: Int { largest.pairCount }

  /// The regret of the advised strategy; `nil` if no other strategy shares a replicate with it.
  package init?(
    of advised: ArmSummary, among arms: [ArmSummary], confidence: Double = 0.95
  ) {
    let others = arms.filter { $0.arm != advised.arm }
    let own = advised.percentages
    let differences = others.map { other in
      PairedDifferences(other.percentages, own, replication: advised.replication)
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
