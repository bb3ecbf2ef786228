import Analysis
import Records

extension ValidationReport {
  /// The whole validation; the same members in the same order every time.
  ///
  /// Figures have ten significant digits; what is absent, and an end that is not bounded, is `null`.
  func json() -> String {
    JSONText.object([
      ("format", .integer(1)),
      ("margin_points", .number(validation.criteria.margin)),
      ("confidence", .number(validation.criteria.confidence)),
      ("planned_replicates", .integer(validation.matrix.replicates)),
      ("measured_cells", .integer(validation.matrix.cells.count)),
      ("rules", .array(validation.rules.map(object))),
      ("claims", .array(validation.claims.map(object))),
      ("scoreboard", .array(validation.scoreboard.scores.map(object))),
    ]).rendered() + "\n"
  }

  private func object(_ judgement: RuleJudgement) -> JSONText {
    .object([
      ("set", .string(judgement.set.id)),
      ("id", .string(judgement.rule.id)),
      ("statement", .string(judgement.rule.wording)),
      ("source", .string(judgement.set.source)),
      ("advice", .string(judgement.rule.arm.name)),
      ("overall", object(judgement.overall)),
      ("cells", .array(judgement.cells.map(object))),
    ])
  }

  private func object(_ verdict: RuleVerdict) -> JSONText {
    .object([
      ("similarity", .string(verdict.cell.similarity.label)),
      ("similarity_value", .number(verdict.cell.similarity.value)),
      ("train_size", .integer(verdict.cell.trainSize)),
      ("verdict", .string(verdict.verdict.rawValue)),
      ("rival", .string(verdict.regret?.rival.name)),
      ("regret_points", figure(verdict.regret?.points)),
      ("interval", interval(verdict.regret?.interval)),
      ("replicates", .integer(verdict.regret?.pairCount ?? 0)),
      ("best", .string(verdict.best?.arm.name)),
      ("cost_ratio", figure(verdict.costRatio)),
      ("additional_replicates", count(verdict.additionalReplicates)),
    ])
  }

  private func object(_ overall: OverallVerdict) -> JSONText {
    .object(
      [("verdict", .string(overall.verdict.rawValue))]
        + Verdict.allCases.map { verdict in
          (
            verdict.rawValue.replacing(" ", with: "_"),
            JSONText.integer(overall.counts[verdict] ?? 0)
          )
        }
        + [
          ("mean", figure(overall.mean)),
          ("interval", interval(overall.interval)),
          ("cost_ratio", figure(overall.costRatio)),
          ("additional_replicates", count(overall.additionalReplicates)),
        ])
  }

  private func object(_ judgement: ClaimJudgement) -> JSONText {
    .object([
      ("id", .string(judgement.claim.id)),
      ("statement", .string(judgement.claim.wording)),
      ("source", .string(judgement.claim.source)),
      ("unit", .string(judgement.claim.measure.unit.rawValue)),
      ("overall", object(judgement.overall)),
      ("cells", .array(judgement.cells.map(object))),
    ])
  }

  private func object(_ verdict: ClaimVerdict) -> JSONText {
    .object([
      ("similarity", .string(verdict.similarity?.label)),
      ("similarity_value", .number(verdict.similarity?.value)),
      ("train_size", .integer(verdict.trainSize)),
      ("verdict", .string(verdict.verdict.rawValue)),
      ("effect", figure(verdict.effect)),
      ("interval", interval(verdict.interval)),
      ("replicates", .integer(verdict.replicates)),
      ("negligible", verdict.isNegligible.map { .boolean($0) } ?? .null),
      ("additional_replicates", count(verdict.additionalReplicates)),
    ])
  }

  private func object(_ score: PolicyScore) -> JSONText {
    .object([
      ("policy", .string(score.policy)),
      ("summary", .string(score.summary)),
      ("held_out", .string(score.heldOut.rawValue)),
      ("cells", .integer(score.cellCount)),
      ("mean_regret", figure(score.meanRegret)),
      ("interval", interval(score.interval)),
      ("median_regret", figure(score.medianRegret)),
      ("percentile_95", figure(score.percentile95)),
      ("share_within_margin", figure(score.shareWithinMargin)),
      ("cost_ratio", figure(score.costRatio)),
      ("on_front", .boolean(score.isOnFront)),
      ("gain_over_rule_table", score.difference.map(object) ?? .null),
    ])
  }

  private func object(_ difference: PolicyDifference) -> JSONText {
    .object([
      ("cells", .integer(difference.cellCount)),
      ("points", figure(difference.points)),
      ("interval", interval(difference.interval)),
      ("probability_of_improvement", figure(difference.probabilityOfImprovement)),
    ])
  }

  private func figure(_ value: Double?) -> JSONText { .number(value.map(NumberText.rounded)) }

  private func count(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }

  private func interval(_ interval: ConfidenceInterval?) -> JSONText {
    guard let interval else { return .null }
    return .object([("lower", figure(interval.lower)), ("upper", figure(interval.upper))])
  }
}
