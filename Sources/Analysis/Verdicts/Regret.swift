package import Records

/// How far the advised arm is behind the best of the other arms.
///
/// Measured against the best *other* arm, so that it stays meaningful where the advised arm is the
/// best: it is then negative, and says by how much the advised arm leads. A rule that picks the
/// best arm is thus not supported by that alone, but by leading, or trailing by at most the margin,
/// with confidence.
///
/// The other arm is picked by the same measurements that are then compared, which favours it where
/// several arms are close: a regret is rather too large than too small.
package struct Regret: Sendable, Hashable {
  /// The arm that is compared with: the best of the others.
  ///
  /// That is the one with the largest mean paired difference to the advised arm, the first of them
  /// in plan order. Without missing replicates, it is the one with the highest mean accuracy.
  package let rival: Arm
  /// Mean accuracy of the rival minus that of the advised arm over the replicates that both have,
  /// in percentage points.
  package let points: Double
  /// The paired bootstrap interval, in points; `nil` where only one replicate is shared.
  package let interval: ConfidenceInterval?
  /// How many replicates both arms have.
  package let pairCount: Int

  /// The regret of the advised arm, or `nil` where no other arm shares a replicate with it.
  ///
  /// - Parameter seed: Seed of the resampling.
  package init?(of advised: ArmSummary, among arms: [ArmSummary], seed: UInt64) {
    var largest: (pairs: Pairs, arm: Arm)?
    for other in arms where other.arm != advised.arm {
      guard let pairs = Pairs(rival: other, advised: advised) else { continue }
      if let known = largest, pairs.meanDifference <= known.pairs.meanDifference + 1e-9 { continue }
      largest = (pairs, other.arm)
    }
    guard let (pairs, rival) = largest else { return nil }
    self.rival = rival
    points = pairs.meanDifference
    pairCount = pairs.advised.count
    interval = PairedBootstrap.meanDifferenceInterval(pairs.rival, pairs.advised, seed: seed)
  }
}

/// The accuracies, in percent, of the replicates that two arms share.
private struct Pairs {
  let rival, advised: [Double]
  let meanDifference: Double

  init?(rival: ArmSummary, advised: ArmSummary) {
    var rivals: [Double] = []
    var own: [Double] = []
    for case (.some(let one), .some(let other)) in zip(rival.accuracies, advised.accuracies) {
      rivals.append(one * 100)
      own.append(other * 100)
    }
    guard let mean = Statistics.mean(zip(rivals, own).map { $0 - $1 }) else { return nil }
    self.rival = rivals
    self.advised = own
    meanDifference = mean
  }
}
