/// The largest of several true mean differences, with an interval that allows for the selection.
///
/// The strategy that comes out best among several is best partly by luck, so an interval around its
/// difference alone would be too high. With one-sided bounds Lᵢ and Uᵢ of every true mean μᵢ:
///
/// - The upper end is the largest Uᵢ at tail α/2. It misses max μ only if the Uᵢ of the strategy
///   that truly leads misses, which has probability α/2: no correction is needed (an
///   intersection–union test; Berger, "Multiparameter Hypothesis Testing and Acceptance Sampling",
///   Technometrics 24, 1982).
/// - The lower end is the largest Lᵢ at tail α/(2m) for m differences. It misses only if any of
///   them does (Bonferroni, which is also the first step of ``Holm``).
package struct LargestDifference: Sendable, Hashable {
  /// The index of the difference with the largest mean, the first among equals.
  package let index: Int
  /// The largest mean.
  package let mean: Double
  /// The number of pairs of the difference at ``index``.
  package let pairCount: Int
  /// All differences, in the order given.
  package let all: [PairedDifferences]
  private let differences: [PairedDifferences]
  private let confidence: Double

  /// Finds the largest mean; `nil` if no difference has a pair.
  ///
  /// Differences without pairs are ignored.
  package init?(of differences: [PairedDifferences], confidence: Double) {
    var largest: (index: Int, mean: Double)?
    for (index, candidate) in differences.enumerated() {
      guard let mean = candidate.mean else { continue }
      // Equal means of differently ordered replicates may differ in their last bits.
      if let known = largest, mean <= known.mean + 1e-9 { continue }
      largest = (index, mean)
    }
    guard let (index, mean) = largest else { return nil }
    self.index = index
    self.mean = mean
    pairCount = differences[index].count
    self.confidence = confidence
    all = differences
    // The same memory as that of `all`, if no difference lacks pairs.
    self.differences =
      differences.contains { $0.count == 0 } ? differences.filter { $0.count > 0 } : differences
  }

  /// The interval of the largest true mean; `nil` if no difference has two pairs.
  ///
  /// An end is infinite if the pairs of a difference do not bound it.
  package var interval: ConfidenceInterval? {
    guard differences.contains(where: { $0.count >= 2 }) else { return nil }
    let tail = (1 - confidence) / 2
    let bounds = differences.map {
      $0.bounds(lower: 1 - tail / Double(differences.count), upper: 1 - tail)
    }
    return ConfidenceInterval(
      lower: bounds.map(\.lower).max() ?? -.infinity,
      upper: bounds.map(\.upper).max() ?? .infinity)
  }

  /// The p-value of the hypothesis that no difference exceeds a threshold, after Bonferroni; `nil`
  /// if none has two pairs.
  package func pValue(above threshold: Double) -> Double? {
    differences.compactMap { $0.pValue(above: threshold) }.min()
      .map { min(1, $0 * Double(differences.count)) }
  }

  /// The difference with the largest mean.
  package var largest: PairedDifferences { all[index] }

  /// How many more replicates would put the whole interval on one side of a threshold if means and
  /// standard deviations stayed as they are; `nil` if they are not known, the mean is at the
  /// threshold, more than 1,000 replicates would be needed, or the replicates are folds, of which
  /// there are no more.
  package func additionalPairs(toDecideAt threshold: Double) -> Int? {
    guard differences.allSatisfy({ $0.count >= 2 && $0.pooled == nil }),
      (mean - threshold).magnitude > 1e-9
    else { return nil }
    let tail = (1 - confidence) / 2
    let correction = mean > threshold ? Double(differences.count) : 1
    var needed = 0
    for difference in differences {
      guard let own = difference.mean,
        let spread = Statistics.standardDeviation(difference.values)
      else { return nil }
      guard
        let count = Self.count(
          distance: (threshold - own).magnitude, spread: spread, tail: tail / correction,
          difference.replication)
      else {
        // One difference above the threshold is enough.
        if mean > threshold { continue }
        return nil
      }
      if mean > threshold {
        guard own > threshold else { continue }
        needed = needed == 0 ? count : min(needed, count)
      } else {
        needed = max(needed, count)
      }
    }
    return needed == 0 ? nil : max(0, needed - (differences.map(\.count).min() ?? 0))
  }

  /// The smallest number of pairs whose t interval is narrower than the distance.
  private static func count(
    distance: Double, spread: Double, tail: Double, _ replication: Replication
  ) -> Int? {
    func isEnough(_ count: Int) -> Bool {
      let quantile = StudentT.quantile(1 - tail, degreesOfFreedom: Double(count - 1))
      let error = replication.errorFactor(count: count) * spread / Double(count).squareRoot()
      return quantile * error < distance
    }
    guard isEnough(1_000) else { return nil }
    var (low, high) = (1, 1_000)
    while high - low > 1 {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
