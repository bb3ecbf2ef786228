import Analysis
import Records

extension MatrixReport {
  /// The rows with their arms and verdicts; the same members in the same order every time.
  ///
  /// Means, intervals and ratios have ten significant digits.
  func json() -> String {
    let plan = results.plan
    return JSONText.object([
      ("architecture", .string(plan.architecture)),
      ("weights_digest", .string(plan.weightsDigest)),
      ("replicates", .integer(plan.replicates)),
      ("margin_points", .number(VerdictCriteria.standard.margin)),
      ("rows", .array(rows.map(rowObject))),
    ]).rendered() + "\n"
  }

  private func rowObject(_ row: RowVerdict) -> JSONText {
    .object([
      ("similarity", .string(row.similarity.label)),
      ("similarity_value", .number(row.similarity.value)),
      ("train_size", .integer(row.trainSize)),
      ("rule", .string(row.advice?.rule.id)),
      ("advised", .string(row.advice?.arm.name)),
      ("best", .string(row.best?.arm.name)),
      ("verdict", .string(row.verdict.rawValue)),
      ("regret", row.regret.map(regretObject) ?? .null),
      ("cost_ratio", figure(row.costRatio)),
      ("arms", .array(row.arms.map(armObject))),
    ])
  }

  private func regretObject(_ regret: Regret) -> JSONText {
    .object([
      ("points", figure(regret.points)),
      ("interval", intervalObject(regret.interval)),
      ("rival", .string(regret.rival.name)),
      ("pairs", .integer(regret.pairCount)),
    ])
  }

  private func armObject(_ summary: ArmSummary) -> JSONText {
    .object([
      ("arm", .string(summary.arm.name)),
      ("strategy", .string(summary.arm.strategy.rawValue)),
      ("completed", .integer(summary.completedCount)),
      ("failed", .integer(summary.failedCount)),
      ("accuracy", figure(summary.meanAccuracy)),
      ("accuracy_interval", intervalObject(summary.accuracyInterval)),
      ("cpu_seconds", figure(summary.meanCPUSeconds)),
    ])
  }

  private func figure(_ value: Double?) -> JSONText { .number(value.map(NumberText.rounded)) }

  private func intervalObject(_ interval: ConfidenceInterval?) -> JSONText {
    guard let interval else { return .null }
    return .object([("lower", figure(interval.lower)), ("upper", figure(interval.upper))])
  }
}
