package import Records

/// One row of the matrix, a similarity and a train size: what was advised there, what was measured,
/// and whether the measurements support the advice.
package struct RowVerdict: Sendable, Hashable {
  package let cell: MatrixCell
  /// The advice for the row.
  ///
  /// A similarity between the named levels is judged as the nearest one; at an unknown similarity
  /// only rules that hold for any similarity apply.
  package let advice: Advice?
  private let judgement: RuleVerdict?

  package init(_ cell: MatrixCell, criteria: VerdictCriteria = .standard) {
    self.cell = cell
    let rule = RuleSet.table.governing(cell.place)
    advice = rule.map {
      Advice(rule: $0, datasetSize: cell.trainSize, similarity: cell.place.level ?? .medium)
    }
    judgement = rule.map { RuleVerdict($0, in: cell, criteria: criteria) }
  }

  package var similarity: Similarity { cell.similarity }

  package var trainSize: Int { cell.trainSize }

  /// All strategies of the plan, in its order.
  package var arms: [ArmSummary] { cell.arms }

  /// The regret of the advice; `nil` if the verdict is ``Verdict/notMeasured``.
  package var regret: Regret? { judgement?.regret }

  package var verdict: Verdict { judgement?.verdict ?? .notMeasured }

  /// The advised strategy's summary; `nil` if the plan does not have it.
  package var advised: ArmSummary? {
    advice.flatMap { advice in arms.first { $0.arm.isSameTreatment(as: advice.arm) } }
  }

  /// The strategy with the highest mean accuracy; `nil` if no run completed.
  package var best: ArmSummary? { cell.best(preferring: advised) }

  /// Mean CPU seconds of the advised strategy over those of the best; 1 if they are the same.
  package var costRatio: Double? {
    guard let own = advised?.meanCPUSeconds, let other = best?.meanCPUSeconds, other > 0 else {
      return nil
    }
    return own / other
  }

  /// The rows of a sweep, in the order of its plan.
  package static func all(
    of results: SweepResults, criteria: VerdictCriteria = .standard
  ) -> [RowVerdict] {
    MatrixCell.all(of: results).map { RowVerdict($0, criteria: criteria) }
  }
}
