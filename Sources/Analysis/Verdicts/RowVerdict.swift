package import Records

/// One row of the matrix, a similarity and a train size: what was advised there, what was measured,
/// and whether the measurements bear the advice out.
package struct RowVerdict: Sendable, Hashable {
  package let cell: MatrixCell
  /// The advice for the row; a similarity between the named levels is judged as the nearest one,
  /// and for a task of unknown similarity there is none but what holds for any.
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

  /// All arms of the plan, in its order.
  package var arms: [ArmSummary] { cell.arms }

  /// `nil` where the verdict is ``Verdict/notMeasured``.
  package var regret: Regret? { judgement?.regret }

  package var verdict: Verdict { judgement?.verdict ?? .notMeasured }

  /// The advised arm's summary; `nil` where the plan does not have it.
  package var advised: ArmSummary? {
    advice.flatMap { advice in arms.first { $0.arm.isSameTreatment(as: advice.arm) } }
  }

  /// The arm with the highest mean accuracy; `nil` where no cell completed.
  package var best: ArmSummary? { cell.best(preferring: advised) }

  /// Mean CPU seconds of the advised arm over those of the best arm; 1 where they are the same.
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
