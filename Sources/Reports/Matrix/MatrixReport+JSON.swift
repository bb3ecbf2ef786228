import Analysis
import Records

extension MatrixReport {
  /// The rows with their strategies and verdicts; always the same members in the same order, with
  /// `shift` in every row if tasks have a kind of shift, and `pooled` for results over folds.
  ///
  /// Means, intervals and ratios have ten significant digits.
  func json() -> String {
    let plan = results.plan
    let document: JSONObject = [
      "format": .integer(1),
      "architecture": .string(plan.architecture),
      "weights_digest": .string(plan.weightsDigest),
      "replicates": .integer(plan.replicates),
      "margin_points": .number(VerdictCriteria.standard.margin),
      "rows": .array(rows.map(rowObject)),
    ]
    let pooled: JSONObject =
      plan.folds == nil
      ? [:] : ["pooled": .array(FoldComparison.all(of: results).map(\.members))]
    return JSONValue.object(document.adding(pooled)).report
  }

  private func rowObject(_ row: RowVerdict) -> JSONValue {
    .object(
      JSONObject.place(row.similarity, hasShifts: results.plan.hasShifts).adding([
        "train_size": .integer(row.trainSize),
        "rule": .string(row.advice?.rule.id),
        "advised": .string(row.advice?.arm.name),
        "best": .string(row.best?.arm.name),
        "verdict": .string(row.verdict.rawValue),
        "regret": row.regret.map(regretObject) ?? .null,
        "cost_ratio": .metric(row.costRatio),
        "strategies": .array(row.arms.map(armObject)),
      ]))
  }

  private func regretObject(_ regret: Regret) -> JSONValue {
    .object([
      "points": .metric(regret.points),
      "interval": .interval(regret.interval),
      "rival": .string(regret.rival.name),
      "pairs": .integer(regret.pairCount),
    ])
  }

  private func armObject(_ summary: ArmSummary) -> JSONValue {
    .object([
      "strategy": .string(summary.arm.name),
      "family": .string(summary.arm.strategy.rawValue),
      "completed": .integer(summary.completedCount),
      "failed": .integer(summary.failedCount),
      "accuracy": .metric(summary.meanAccuracy),
      "accuracy_interval": .interval(summary.accuracyInterval),
      "cpu_seconds": .metric(summary.meanCPUSeconds),
    ])
  }
}
