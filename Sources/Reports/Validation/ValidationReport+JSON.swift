import Analysis
import Records

extension ValidationReport {
  /// The whole validation; always the same members in the same order, and after them `comparison`
  /// if two strategies were compared over the tasks of a table, and `baseline` if the verdicts were
  /// compared with those of a baseline.
  ///
  /// Numbers have ten significant digits; what is absent, and an end of an interval that is not
  /// bounded, is `null`.
  func json() -> String {
    var document: JSONObject = [
      "format": .integer(1),
      "margin_points": .number(validation.criteria.margin),
      "relative_margin": .number(validation.criteria.relativeMargin),
      "confidence": .number(validation.criteria.confidence),
      "planned_replicates": .integer(validation.matrix.replicates),
      "measured_places": .integer(validation.matrix.cells.count),
      "chance": .metric(validation.matrix.chance),
      "telling_places": .integer(validation.scoreboard.cellCount),
      "places_where_nothing_learns": .integer(validation.scoreboard.nothingLearnsCount),
      "places_at_the_ceiling": .integer(validation.scoreboard.ceilingCount),
      "rules": .array(validation.rules.map(object)),
      "claims": .array(validation.claims.map(object)),
      "scoreboard": .array(validation.scoreboard.scores.map(object)),
    ]
    if let comparison { document["comparison"] = object(comparison) }
    if let changes { document["baseline"] = object(changes) }
    return JSONValue.object(document).report
  }

  private func object(_ judgement: RuleJudgement) -> JSONValue {
    .object([
      "set": .string(judgement.set.id),
      "id": .string(judgement.rule.id),
      "statement": .string(judgement.rule.wording),
      "source": .string(judgement.set.source),
      "advice": .string(judgement.rule.arm.name),
      "overall": object(judgement.overall),
      "places": .array(judgement.cells.map(object)),
    ])
  }

  private func object(_ verdict: RuleVerdict) -> JSONValue {
    .object(
      JSONObject.place(verdict.cell.similarity, hasShifts: hasShifts).adding([
        "train_size": .integer(verdict.cell.trainSize),
        "verdict": .string(verdict.verdict.rawValue),
        "rival": .string(verdict.regret?.rival.name),
        "regret_points": .metric(verdict.regret?.points),
        "interval": .interval(verdict.regret?.interval),
        "replicates": .integer(verdict.regret?.pairCount ?? 0),
        "best": .string(verdict.best?.arm.name),
        "cost_ratio": .metric(verdict.costRatio),
        "additional_replicates": .integer(verdict.additionalReplicates),
      ]))
  }

  private func object(_ overall: OverallVerdict) -> JSONValue {
    var object: JSONObject = ["verdict": .string(overall.verdict.rawValue)]
    for verdict in Verdict.allCases {
      object[verdict.rawValue.replacing(" ", with: "_")] = .integer(overall.counts[verdict] ?? 0)
    }
    object["mean"] = .metric(overall.mean)
    object["interval"] = .interval(overall.interval)
    object["cost_ratio"] = .metric(overall.costRatio)
    object["additional_replicates"] = .integer(overall.additionalReplicates)
    return .object(object)
  }

  private func object(_ judgement: ClaimJudgement) -> JSONValue {
    .object([
      "id": .string(judgement.claim.id),
      "statement": .string(judgement.claim.wording),
      "source": .string(judgement.claim.source),
      "unit": .string(judgement.claim.measure.unit.rawValue),
      "overall": object(judgement.overall),
      "places": .array(judgement.cells.map(object)),
    ])
  }

  private func object(_ verdict: ClaimVerdict) -> JSONValue {
    .object(
      JSONObject.place(verdict.similarity, hasShifts: hasShifts).adding([
        "train_size": .integer(verdict.trainSize),
        "verdict": .string(verdict.verdict.rawValue),
        "effect": .metric(verdict.effect),
        "interval": .interval(verdict.interval),
        "replicates": .integer(verdict.replicates),
        "negligible": verdict.isNegligible.map { .boolean($0) } ?? .null,
        "additional_replicates": .integer(verdict.additionalReplicates),
      ]))
  }

  private func object(_ score: PolicyScore) -> JSONValue {
    .object([
      "advisor": .string(score.policy),
      "summary": .string(score.summary),
      "held_out": .string(score.heldOut.rawValue),
      "places": .integer(score.cellCount),
      "mean_regret": .metric(score.meanRegret),
      "interval": .interval(score.interval),
      "median_regret": .metric(score.medianRegret),
      "percentile_95": .metric(score.percentile95),
      "share_within_margin": .metric(score.shareWithinMargin),
      "cost_ratio": .metric(score.costRatio),
      "on_front": .boolean(score.isOnFront),
      "gain_over_rule_table": score.difference.map(object) ?? .null,
    ])
  }

  private func object(_ difference: PolicyDifference) -> JSONValue {
    .object([
      "places": .integer(difference.cellCount),
      "points": .metric(difference.points),
      "interval": .interval(difference.interval),
      "probability_of_improvement": .metric(difference.probabilityOfImprovement),
    ])
  }
}
