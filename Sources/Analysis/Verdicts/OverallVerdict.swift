import RealModule
import Records

/// What the verdicts of a rule or claim in several places come to.
///
/// A rule speaks of all its places. It is supported overall only where it is supported in every
/// place that was measured, and refuted where at least one place refutes it even after Holm's
/// correction for having looked at all of them.
package struct OverallVerdict: Sendable, Hashable {
  package let verdict: Verdict
  /// How many places have each verdict; those that were not measured are counted only for rules,
  /// whose places are planned.
  package let counts: [Verdict: Int]
  /// The mean over places: of the regret behind the best arm for rules, never below zero in a
  /// place; of the effect for claims.
  package let mean: Double?
  /// The interval of the mean, `nil` where a place has one replicate.
  package let interval: ConfidenceInterval?
  /// The advised arm's cost over the best arm's, the geometric mean over places; `nil` for claims.
  package let costRatio: Double?
  /// How many more replicates every undecided place would need; `nil` where that cannot be said
  /// of one of them, or none is undecided.
  package let additionalReplicates: Int?

  /// The verdict on a rule over its places.
  package init(_ rules: [RuleVerdict], in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    self.init(
      verdicts: rules.map(\.verdict),
      pValuesAgainst: rules.map { $0.regret?.largest.pValue(above: criteria.margin + 1e-9) },
      additional: rules.map(\.additionalReplicates),
      mean: matrix.mean(
        of: rules.map { ($0.cell.similarity, $0.regret?.byReplicate ?? []) },
        confidence: criteria.confidence),
      possible: ConfidenceInterval.regret,
      costRatio: Statistics.geometricMean(rules.compactMap(\.costRatio)),
      criteria: criteria)
  }

  /// The verdict on a claim over its places.
  package init(_ claims: [ClaimVerdict], in matrix: ResultsMatrix, criteria: VerdictCriteria) {
    self.init(
      verdicts: claims.map(\.verdict), pValuesAgainst: claims.map(\.pValueAgainst),
      additional: claims.map(\.additionalReplicates),
      mean: matrix.mean(
        of: claims.map { ($0.similarity, $0.effects) }, confidence: criteria.confidence),
      possible: claims.first?.claim.measure.possible, costRatio: nil, criteria: criteria)
  }

  private init(
    verdicts: [Verdict], pValuesAgainst: [Double?], additional: [Int?], mean: ClusteredMean?,
    possible: ConfidenceInterval?, costRatio: Double?, criteria: VerdictCriteria
  ) {
    counts = verdicts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let measured = verdicts.filter { $0 != .notMeasured }
    let adjusted = Holm.adjusted(pValuesAgainst.compactMap { $0 })
    if measured.isEmpty {
      verdict = .notMeasured
    } else if measured.allSatisfy({ $0 == .supported }) {
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
  /// What the advised arm loses per replicate; nothing where it is itself the best arm.
  var byReplicate: [Double?] {
    let differences = largest.largest.byReplicate
    return points > 0 ? differences : differences.map { $0.map { _ in 0 } }
  }
}

extension Statistics {
  /// The geometric mean of values above zero; `nil` for none.
  static func geometricMean(_ values: [Double]) -> Double? {
    mean(values.filter { $0 > 0 }.map { Double.log($0) }).map { Double.exp($0) }
  }
}

extension ResultsMatrix {
  /// The mean over cells of this matrix of something that every replicate has a value of.
  func mean(
    of cells: [(similarity: Similarity?, values: [Double?])], confidence: Double
  ) -> ClusteredMean? {
    ClusteredMean(pairing.strata(cells), confidence: confidence, replication: replication)
  }
}
