import RealModule
import Records

/// The combined verdict on a rule or claim over several places.
///
/// A rule is about all its places. It is supported overall only if it is supported in every
/// telling place, and refuted if at least one place refutes it even after Holm's correction for
/// testing all of them. Places where nothing learns or all strategies are at the ceiling
/// (``PlaceStrength``) are counted, and are in nothing else.
package struct OverallVerdict: Sendable, Hashable {
  package let verdict: Verdict
  /// The number of places per verdict.
  ///
  /// Places that were not measured are counted only for rules, whose places are planned.
  package let counts: [Verdict: Int]
  /// The mean over telling places: for rules of the regret behind the best strategy, never below
  /// zero at a place; for claims of the effect.
  package let mean: Double?
  /// The interval of the mean; `nil` if a place has only one replicate.
  package let interval: ConfidenceInterval?
  /// The advised strategy's cost over the best strategy's, the geometric mean over places; `nil`
  /// for claims.
  package let costRatio: Double?
  /// How many more replicates would decide every undecided place; `nil` if that is unknown for one
  /// of them, or none is undecided.
  package let additionalReplicates: Int?

  /// The verdict on a rule over its places.
  package init(_ all: [RuleVerdict], in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    let rules = all.filter(\.verdict.isTelling)
    self.init(
      all: all.map(\.verdict), telling: rules.map(\.verdict),
      pValuesAgainst: rules.map {
        $0.regret?.largest.pValue(above: criteria.margin(at: $0.cell) + 1e-9)
      },
      additional: rules.map(\.additionalReplicates),
      mean: matrix.mean(
        of: rules.map { ($0.cell.similarity, $0.regret?.loss ?? PairedDifferences([])) },
        confidence: criteria.confidence),
      possible: ConfidenceInterval.regret,
      costRatio: Statistics.geometricMean(rules.compactMap(\.costRatio)),
      criteria: criteria)
  }

  /// The verdict on a claim over its places.
  package init(_ all: [ClaimVerdict], in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    let claims = all.filter(\.verdict.isTelling)
    self.init(
      all: all.map(\.verdict), telling: claims.map(\.verdict),
      pValuesAgainst: claims.map(\.pValueAgainst),
      additional: claims.map(\.additionalReplicates),
      mean: matrix.mean(
        of: claims.map { ($0.similarity, $0.differences) }, confidence: criteria.confidence),
      possible: claims.first?.claim.measure.possible, costRatio: nil, criteria: criteria)
  }

  private init(
    all: [Verdict], telling verdicts: [Verdict], pValuesAgainst: [Double?], additional: [Int?],
    mean: ClusteredMean?, possible: ConfidenceInterval?, costRatio: Double?,
    criteria: VerdictCriteria
  ) {
    counts = all.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let adjusted = Holm.adjusted(pValuesAgainst.compactMap { $0 })
    if verdicts.isEmpty {
      verdict = [.nothingLearns, .ceiling].first(where: all.contains) ?? .notMeasured
    } else if verdicts.allSatisfy({ $0 == .supported }) {
      verdict = .supported
    } else if adjusted.contains(where: { $0 <= (1 - criteria.confidence) / 2 }) {
      verdict = .refuted
    } else {
      verdict = .undecided
    }
    let missing = zip(verdicts, additional).filter { $0.0 == .undecided }.map(\.1)
    additionalReplicates = missing.contains(nil) ? nil : missing.compactMap { $0 }.max()
    self.mean = mean?.mean
    interval = mean?.interval.map { own in possible.map(own.clipped) ?? own }
    self.costRatio = costRatio
  }
}

extension Regret {
  /// The loss of the advised strategy; 0 if it is itself the best.
  var loss: PairedDifferences {
    guard points <= 0 else { return largest.largest }
    return PairedDifferences(
      byReplicate: largest.largest.byReplicate.map { $0.map { _ in 0 } },
      pooled: largest.largest.pooled.map { _ in .zero })
  }
}

extension Statistics {
  /// The geometric mean of values above zero; `nil` for none.
  static func geometricMean(_ values: [Double]) -> Double? {
    mean(values.filter { $0 > 0 }.map { Double.log($0) }).map { Double.exp($0) }
  }
}

extension ResultsMatrix {
  /// The mean over places of this matrix of a quantity with one value per replicate.
  ///
  /// The folds of one set have the same examples at all places: then the interval has the largest
  /// error that the mean can have.
  func mean(
    of cells: [(similarity: Similarity?, values: PairedDifferences)], confidence: Double
  ) -> ClusteredMean? {
    let pooled = cells.compactMap(\.values.pooled)
    if pooled.count == cells.count, let mean = PooledMean(averaging: pooled) {
      let hasInterval = cells.allSatisfy { $0.values.count > 1 }
      return ClusteredMean(
        mean: mean.mean, interval: hasInterval ? mean.interval(confidence: confidence) : nil)
    }
    return ClusteredMean(
      pairing.strata(cells.map { ($0.similarity, $0.values.byReplicate) }),
      confidence: confidence, replication: replication)
  }
}
