import RealModule

/// The paired differences between two treatments of the same replicates.
///
/// Influences that both sides of a pair share, such as the task of a replicate, cancel. The
/// interval is Student's t of the differences: unlike a bootstrap it keeps its confidence for three
/// to ten pairs, provided that the mean of the differences is approximately normal. Folds are not
/// pairs of their own: for them, the differences of their single examples decide.
package struct PairedDifferences: Sendable, Hashable {
  /// The known differences.
  package let values: [Double]
  /// One difference per replicate; `nil` if all are known, which takes less memory.
  private let incomplete: [Double?]?
  /// What the replicates have in common.
  package let replication: Replication
  /// The mean difference over the examples of all folds; `nil` if the replicates are not folds.
  package let pooled: PooledMean?

  package init(
    byReplicate: [Double?], replication: Replication = .independent, pooled: PooledMean? = nil
  ) {
    self.replication = replication
    self.pooled = pooled
    values = byReplicate.compactMap { $0 }
    incomplete = values.count < byReplicate.count ? byReplicate : nil
  }

  package init(_ values: [Double]) { self.init(byReplicate: values) }

  /// One difference per replicate; `nil` if either side is missing.
  package var byReplicate: [Double?] { incomplete ?? values }

  /// The differences `first[i] - second[i]`, `nil` unless both are known.
  package init(
    _ first: [Double?], _ second: [Double?], replication: Replication = .independent,
    pooled: PooledMean? = nil
  ) {
    self.init(
      byReplicate: zip(first, second).map { first, second in
        first.flatMap { first in second.map { first - $0 } }
      },
      replication: replication, pooled: pooled)
  }

  /// The differences with the opposite sign.
  package var negated: PairedDifferences {
    PairedDifferences(
      byReplicate: byReplicate.map { $0.map { -$0 } }, replication: replication,
      pooled: pooled?.scaled(by: -1))
  }

  package var count: Int { values.count }

  /// The mean difference; `nil` without pairs.
  package var mean: Double? { pooled?.mean ?? Statistics.mean(values) }

  /// The upper end of the one-sided interval that contains the mean with the given confidence.
  ///
  /// Infinite below two pairs, which have no standard deviation.
  package func upperBound(confidence: Double) -> Double {
    bounds(lower: confidence, upper: confidence).upper
  }

  /// The lower end of the one-sided interval; minus infinity below two pairs.
  package func lowerBound(confidence: Double) -> Double {
    bounds(lower: confidence, upper: confidence).lower
  }

  /// Both one-sided bounds, each with its own confidence.
  func bounds(lower: Double, upper: Double) -> (lower: Double, upper: Double) {
    guard let mean, let error = Statistics.standardError(values, replication) else {
      return (-.infinity, .infinity)
    }
    if let pooled {
      return (
        pooled.bound(confidence: lower, sign: -1), pooled.bound(confidence: upper, sign: 1)
      )
    }
    func quantile(_ confidence: Double) -> Double {
      StudentT.quantile(confidence, degreesOfFreedom: Double(count - 1))
    }
    return (mean - quantile(lower) * error, mean + quantile(upper) * error)
  }

  /// The two-sided interval of the mean; `nil` below two pairs.
  package func interval(confidence: Double = 0.95) -> ConfidenceInterval? {
    guard count > 1 else { return nil }
    return pooled?.interval(confidence: confidence)
      ?? Statistics.meanInterval(values, confidence: confidence, replication: replication)
  }

  /// The p-value of the one-sided test; `nil` below two pairs.
  ///
  /// The probability of a mean at least this far above `threshold` if the true mean is at the
  /// threshold.
  package func pValue(above threshold: Double) -> Double? {
    guard let mean, let error = Statistics.standardError(values, replication) else { return nil }
    if let pooled { return pooled.pValue(above: threshold) }
    guard error > 0 else { return mean > threshold ? 0 : 1 }
    return StudentT.cumulative(
      (threshold - mean) / error, degreesOfFreedom: Double(count - 1))
  }
}
