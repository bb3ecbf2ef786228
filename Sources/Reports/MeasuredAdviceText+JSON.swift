package import Analysis
import Records

extension MeasuredAdviceText {
  /// For programs: the same members in the same order every time; what is not known is `null`.
  package func json() -> String {
    let criteria = advice.criteria
    return JSONText.object([
      ("train_size", .integer(advice.trainSize)),
      ("similarity", .string(advice.similarity?.label)),
      ("similarity_value", .number(advice.similarity?.value)),
      ("source", .string(source)),
      ("outcome", .string(outcome)),
      ("decided", .boolean(isDecided)),
      ("prefer", .string(criteria.preference.rawValue)),
      ("margin_points", .number(criteria.margin)),
      ("confidence", .number(criteria.confidence)),
      ("arm", .string(advice.arm?.name)),
      ("strategy", .string(advice.arm?.strategy.rawValue)),
      ("freeze", advice.arm.map { .array($0.frozenGroups.map { .string($0.rawValue) }) } ?? .null),
      ("freeze_layers", advice.arm.map { .array(layerNames($0).map { .string($0) }) } ?? .null),
      ("freeze_below", .string(advice.arm?.frozenBelow)),
      ("learning_rates", advice.arm.map(ReportText.ratesObject) ?? .null),
      ("head_solver", .string(advice.arm.flatMap(ReportText.headSolver))),
      ("rule", .string(advice.rule?.rule.id)),
      ("rule_arm", .string(advice.rule?.arm.name)),
      ("rule_verdict", .string(advice.ruleVerdict?.rawValue)),
      ("reasoning", .string(reasoning)),
      ("warnings", .array(warnings.map { .string($0) })),
      ("measure", .string(command)),
      ("chance", figure(chance)),
      ("replicates", advice.replicates.map { .integer($0) } ?? .null),
      ("interval_of", .string(advice.subject.rawValue)),
      ("predictions", .array(advice.predictions.map(object))),
      ("crossovers", .array(advice.crossovers.map(object))),
      ("model", .string(advice.comparison.chosen.name)),
      ("models", .array(advice.comparison.entries.map(object))),
    ]).rendered() + "\n"
  }

  private var source: String {
    if case .outside = advice.outcome { "extrapolation" } else { "measurements" }
  }

  private var outcome: String {
    switch advice.outcome {
    case .advised: "advised"
    case .undecided: "undecided"
    case .guessing: "guessing"
    case .outside: "outside"
    }
  }

  /// The accuracy of guessing, where it matters.
  private var chance: Double? {
    if case .guessing(let chance, _) = advice.outcome { chance } else { nil }
  }

  private var isDecided: Bool {
    if case .advised = advice.outcome { true } else { false }
  }

  private func object(_ prediction: ArmPrediction) -> JSONText {
    .object([
      ("arm", .string(prediction.arm.name)),
      ("accuracy", figure(prediction.accuracy)),
      ("outside", .boolean(prediction.isOutside)),
      ("accuracy_interval", interval(prediction.interval)),
      ("best_probability", figure(prediction.bestProbability)),
      ("sufficient_probability", figure(prediction.sufficientProbability)),
      ("cpu_seconds", figure(prediction.cpuSeconds)),
      ("flops", figure(prediction.flops)),
    ])
  }

  private func object(_ crossover: Crossover) -> JSONText {
    .object([
      ("train_size", figure(crossover.trainSize)),
      ("either_from", figure(crossover.eitherFrom)),
      ("interval", interval(crossover.interval)),
      ("below", .string(crossover.below.name)),
      ("above", .string(crossover.above.name)),
    ])
  }

  private func object(_ entry: ModelComparison.Entry) -> JSONText {
    .object([
      ("model", .string(entry.model.name)),
      ("error_points", figure(entry.error)),
      ("similarity_error_points", figure(entry.similarityError)),
      ("size_error_points", figure(entry.sizeError)),
    ])
  }

  private func figure(_ value: Double?) -> JSONText {
    .number(value.flatMap { $0.isFinite ? NumberText.rounded($0) : nil })
  }

  /// An end that is not known is `null`.
  private func interval(_ interval: ConfidenceInterval?) -> JSONText {
    guard let interval else { return .null }
    return .object([
      ("lower", figure(interval.lower)), ("upper", figure(interval.upper)),
    ])
  }
}

extension ReportText {
  /// The advice of the rule table alone, for programs.
  package static func adviceJSON(_ advice: Advice, layerNames: [String]) -> String {
    JSONText.object([
      ("train_size", .integer(advice.datasetSize)),
      ("similarity", .string(advice.similarity.rawValue)),
      ("source", .string("rule-table")),
      ("decided", .boolean(true)),
      ("arm", .string(advice.arm.name)),
      ("strategy", .string(advice.strategy.rawValue)),
      ("freeze", .array(advice.frozenGroups.map { .string($0.rawValue) })),
      ("freeze_layers", .array(layerNames.map { .string($0) })),
      ("learning_rates", ratesObject(advice.arm)),
      ("head_solver", .string(headSolver(advice.arm))),
      ("rule", .string(advice.rule.id)),
      ("rule_arm", .string(advice.arm.name)),
      ("reasoning", .string(advice.reasoning)),
    ]).rendered() + "\n"
  }

  /// The rates of the groups that are trained, none where the head is solved; `null` where the
  /// arm's are not known.
  static func ratesObject(_ arm: Arm) -> JSONText {
    guard arm.learningRates != .uniform(0) else { return .null }
    return .object(trainedRates(arm).map { ($0.group.rawValue, .number($0.rate)) })
  }
}
