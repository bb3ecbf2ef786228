package import Records

/// Compares new results with those of an earlier sweep, one strategy and place at a time.
///
/// A metric is worse if its mean difference over the replicates exceeds the tolerance with
/// confidence: one-sided t tests, corrected after Holm over all strategies, places and metrics, so
/// that results that differ by chance alone fail with at most the false alarm rate. Splits of one
/// set are not independent (``Replication``), and accuracies over folds are compared example by
/// example (``FoldExamples``). A rule's verdict flips only from supported to refuted or back, each
/// of which had 95 % confidence.
package struct BaselineCheck: Sendable {
  /// The changes, regressions first.
  package let changes: [BaselineChange]
  /// All comparisons over places, strategies and metrics, changed or not.
  package let comparisons: [BaselineComparison]
  /// The number of comparisons with too few replicates for a test.
  package let unjudgedCount: Int
  /// Notes for the reader: what else differs, and what was not compared because of that.
  package let notes: [String]
  package let tolerances: Tolerances

  /// The number of comparisons over places, strategies and metrics.
  package var comparisonCount: Int { comparisons.count }

  package var hasRegression: Bool { changes.contains { $0.kind.isRegression } }

  /// - Throws: ``Failure`` of kind `badData` if the two have no run in common, or were measured
  ///   with different architectures.
  package init(
    _ results: SweepResults, baseline: SweepResults, tolerances: Tolerances = .standard
  ) throws(Failure) {
    try Self.requireComparable(results, baseline)
    self.tolerances = tolerances
    let isSameMachine = Self.isSameMachine(results.provenance, baseline.provenance)
    let figures = BaselineMetric.allCases.filter { $0 != .time || isSameMachine }
    let cells = BaselineCell.all(of: baseline, in: results)
    var comparisons: [BaselineComparison] = []
    for figure in figures {
      comparisons += cells.compactMap {
        BaselineComparison(
          $0.place, figure, before: $0.before(figure), after: $0.after(figure),
          replication: $0.replication, pooled: $0.pooledChange(figure),
          tolerance: tolerances[figure])
      }
      for (arm, group) in Dictionary(grouping: cells, by: \.place.arm).sorted(by: {
        $0.key < $1.key
      }) where group.count > 1 {
        let pooled = BaselineComparison(
          BaselinePlace(arm: arm), figure,
          cells: group.compactMap { cell in
            cell.place.similarity.map { ($0, cell.before(figure), cell.after(figure)) }
          }, replication: group[0].replication, pooled: group.map { $0.pooledChange(figure) },
          tolerance: tolerances[figure])
        if let pooled { comparisons.append(pooled) }
      }
    }
    self.comparisons = comparisons
    unjudgedCount = comparisons.count { $0.worsePValue == nil }
    let moved = Self.moved(comparisons, rate: tolerances.falseAlarmRate)
    let changes =
      cells.compactMap(\.missing) + moved + VerdictComparison.changes(results, baseline: baseline)
    self.changes =
      changes.filter(\.kind.isRegression) + changes.filter { !$0.kind.isRegression }
    notes = Self.notes(results, baseline, isSameMachine: isSameMachine)
  }

  /// The metrics that are worse or better after the correction for all comparisons.
  private static func moved(_ comparisons: [BaselineComparison], rate: Double) -> [BaselineChange] {
    func changes(
      _ kind: BaselineChange.Kind, _ pValue: (BaselineComparison) -> Double?
    ) -> [BaselineChange] {
      let judged = comparisons.filter { pValue($0) != nil }
      let adjusted = Holm.adjusted(judged.compactMap(pValue))
      return zip(judged, adjusted).filter { $0.1 <= rate }.map { comparison, adjusted in
        BaselineChange(
          kind: kind, place: comparison.place, what: comparison.figure.rawValue,
          before: comparison.before, after: comparison.after, interval: comparison.interval,
          pValue: adjusted, allowance: comparison.allowance)
      }
    }
    return changes(.worse, \.worsePValue) + changes(.better, \.betterPValue)
  }

  private static func requireComparable(
    _ results: SweepResults, _ baseline: SweepResults
  ) throws(Failure) {
    let attempt = "cannot check the results against the baseline"
    guard results.plan.architecture == baseline.plan.architecture else {
      throw Failure(
        .badData, attempt,
        because: "they are of the \(results.plan.architecture) architecture, the baseline is of "
          + baseline.plan.architecture,
        remedy: "Give a baseline of the same architecture.")
    }
    let isShared = baseline.plan.runKeys.contains {
      baseline[$0]?.measurement != nil && results[$0]?.measurement != nil
    }
    guard isShared else {
      throw Failure(
        .badData, attempt, because: "no completed run is in both",
        remedy: "Give results and a baseline of the same plan.")
    }
  }

  private static func isSameMachine(_ left: Provenance, _ right: Provenance) -> Bool {
    left.processor != nil && left.processor == right.processor
  }

  private static func notes(
    _ results: SweepResults, _ baseline: SweepResults, isSameMachine: Bool
  ) -> [String] {
    var notes: [String] = []
    if results.plan.weightsDigest != baseline.plan.weightsDigest {
      notes.append("The pretrained weights differ.")
    }
    let shared = results.provenance.taskDigests.filter { name, digest in
      baseline.provenance.taskDigests[name].map { $0 != digest } ?? false
    }
    if !shared.isEmpty { notes.append("\(shared.count) of the tasks differ.") }
    if results.provenance.libraries != baseline.provenance.libraries {
      notes.append("The libraries differ.")
    }
    if results.plan.folds != nil, results.plan.folds == baseline.plan.folds {
      notes.append(
        "Accuracies over folds were compared example by example, by normal distributions.")
    }
    if !isSameMachine {
      notes.append("Times were not compared: the processors differ or are not known.")
    }
    return notes
  }
}
