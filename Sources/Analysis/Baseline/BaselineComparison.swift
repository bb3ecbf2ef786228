import RealModule
import Records

/// One metric at one place, in the baseline and in the new results.
package struct BaselineComparison: Sendable {
  package let place: BaselinePlace
  package let figure: BaselineMetric
  /// The means over the compared replicates.
  package let before, after: Double
  /// The tolerated change, at least 0.
  package let allowance: Double
  /// The 95 % interval of ``after`` minus ``before``; `nil` with too few replicates.
  package let interval: ConfidenceInterval?
  /// The p-values of the hypotheses "not worse" and "not better" than the allowance; `nil` with too
  /// few replicates.
  let worsePValue, betterPValue: Double?

  /// Compares the replicates of one strategy at one place: as pairs if both sides have two in
  /// common, otherwise as two samples.
  ///
  /// `nil` if either side has no value.
  ///
  /// - Parameter pooled: the change over single examples, which decides; `nil` if replicates do.
  init?(
    _ place: BaselinePlace, _ figure: BaselineMetric, before: [Double?], after: [Double?],
    replication: Replication, pooled: PooledMean?, tolerance: Tolerance
  ) {
    let pairs = zip(before, after).compactMap { before, after in
      before.flatMap { before in after.map { (before, $0) } }
    }
    let isPaired = pairs.count >= 2
    let old = isPaired ? pairs.map(\.0) : before.compactMap { $0 }
    let new = isPaired ? pairs.map(\.1) : after.compactMap { $0 }
    guard let oldMean = Statistics.mean(old), let newMean = Statistics.mean(new) else { return nil }
    self.place = place
    self.figure = figure
    self.before = oldMean
    self.after = newMean
    allowance = tolerance.allowance(oldMean)
    let difference =
      isPaired
      ? MeanDifference(pairs.map { $0.1 - $0.0 }, replication, pooled: pooled)
      : MeanDifference(old, new, replication)
    interval = difference?.interval
    worsePValue = difference?.pValue(sign: figure.worseSign, above: allowance)
    betterPValue = difference?.pValue(sign: -figure.worseSign, above: allowance)
  }

  /// Compares all places of a strategy together, so that a small loss everywhere is found too.
  ///
  /// Train sizes share their tasks, so differences are first averaged per similarity and replicate.
  /// `nil` below two such averages.
  ///
  /// - Parameter pooled: the changes over single examples, which decide if all are known.
  init?(
    _ place: BaselinePlace, _ figure: BaselineMetric,
    cells: [(similarity: Similarity, before: [Double?], after: [Double?])],
    replication: Replication, pooled: [PooledMean?], tolerance: Tolerance
  ) {
    var clusters: [Cluster: [(before: Double, after: Double)]] = [:]
    var order: [Cluster] = []
    for cell in cells {
      for (replicate, pair) in zip(cell.before, cell.after).enumerated() {
        guard let before = pair.0, let after = pair.1 else { continue }
        let cluster = Cluster(similarity: cell.similarity, replicate: replicate)
        if clusters[cluster] == nil { order.append(cluster) }
        clusters[cluster, default: []].append((before, after))
      }
    }
    let means = order.compactMap { cluster -> (before: Double, excess: Double)? in
      let pairs = clusters[cluster] ?? []
      guard let before = Statistics.mean(pairs.map(\.before)),
        let excess = Statistics.mean(pairs.map { $0.after - $0.before })
      else { return nil }
      return (before, excess)
    }
    guard let before = Statistics.mean(means.map(\.before)),
      let difference = MeanDifference(
        means.map(\.excess), replication,
        pooled: pooled.contains(nil) ? nil : PooledMean(averaging: pooled.compactMap { $0 }))
    else { return nil }
    self.place = place
    self.figure = figure
    self.before = before
    after = before + difference.mean
    allowance = tolerance.allowance(before)
    interval = difference.interval
    worsePValue = difference.pValue(sign: figure.worseSign, above: allowance)
    betterPValue = difference.pValue(sign: -figure.worseSign, above: allowance)
  }

  private struct Cluster: Hashable {
    let similarity: Similarity
    let replicate: Int
  }
}

/// A mean difference with its standard error.
struct MeanDifference {
  let mean: Double
  private let error: Double
  private let degrees: Double
  /// What decides instead of the replicates.
  private let pooled: PooledMean?

  /// The mean of paired differences; `nil` below two.
  ///
  /// - Parameter pooled: the mean over single examples, which takes their place.
  init?(_ differences: [Double], _ replication: Replication, pooled: PooledMean?) {
    guard let mean = Statistics.mean(differences),
      let error = Statistics.standardError(differences, replication)
    else { return nil }
    self.mean = pooled?.mean ?? mean
    self.error = error
    self.pooled = pooled
    degrees = Double(differences.count - 1)
  }

  /// The difference of the means of two samples with unequal variances (Welch, Biometrika 34,
  /// 1947); `nil` if either has fewer than two values.
  init?(_ before: [Double], _ after: [Double], _ replication: Replication) {
    guard let old = Statistics.mean(before), let new = Statistics.mean(after),
      let oldError = Statistics.standardError(before, replication),
      let newError = Statistics.standardError(after, replication)
    else { return nil }
    mean = new - old
    pooled = nil
    let (oldSquare, newSquare) = (oldError * oldError, newError * newError)
    error = Double.sqrt(oldSquare + newSquare)
    let spread =
      oldSquare * oldSquare / Double(before.count - 1)
      + newSquare * newSquare / Double(after.count - 1)
    degrees = spread > 0 ? (oldSquare + newSquare) * (oldSquare + newSquare) / spread : 1
  }

  /// The 95 % interval of the mean difference.
  var interval: ConfidenceInterval {
    if let pooled { return pooled.interval() }
    let half = StudentT.quantile(0.975, degreesOfFreedom: degrees) * error
    return ConfidenceInterval(lower: mean - half, upper: mean + half)
  }

  /// The probability of a mean at least this far above the threshold if the true mean is at the
  /// threshold.
  func pValue(sign: Double, above threshold: Double) -> Double {
    // As many examples gained as lost are no change, however they are rounded.
    if let pooled { return pooled.scaled(by: sign).pValue(above: threshold + 1e-12) }
    let excess = sign * mean - threshold
    guard error > 0 else { return excess > 1e-12 * max(1, threshold) ? 0 : 1 }
    return StudentT.cumulative(-excess / error, degreesOfFreedom: degrees)
  }
}
