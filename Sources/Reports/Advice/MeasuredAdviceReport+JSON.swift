package import Analysis
import Records

extension MeasuredAdviceReport {
  /// The report for programs: always the same members in the same order, `null` if not known.
  ///
  /// At the end is `shift` if the task has a kind of shift.
  package func json() -> String {
    let criteria = advice.criteria
    let shift: JSONObject =
      advice.similarity?.shift.map { ["shift": .string($0.rawValue)] } ?? [:]
    let members: JSONObject = [
      "format": .integer(1),
      "train_size": .integer(advice.trainSize),
      "similarity": .string(advice.similarity?.label),
      "similarity_value": .number(advice.similarity?.value),
      "source": .string(source),
      "outcome": .string(outcome),
      "decided": .boolean(isDecided),
      "prefer": .string(criteria.preference.rawValue),
      "margin_points": .number(criteria.margin),
      "confidence": .number(criteria.confidence),
      "strategy": .string(advice.arm?.name),
      "family": .string(advice.arm?.strategy.rawValue),
      "freeze": advice.arm.map { .array($0.frozenGroups.map { .string($0.rawValue) }) } ?? .null,
      "freeze_layers": advice.arm.map { .array(layerNames($0).map { .string($0) }) } ?? .null,
      "freeze_below": .string(advice.arm?.frozenBelow),
      "learning_rates": advice.arm.map(ReportHeader.ratesObject) ?? .null,
      "head_solver": .string(advice.arm.flatMap(ReportHeader.headSolver)),
      "rule": .string(advice.rule?.rule.id),
      "rule_strategy": .string(advice.rule?.arm.name),
      "rule_verdict": .string(advice.ruleVerdict?.rawValue),
      "reasoning": .string(reasoning),
      "warnings": .array(warnings.map { .string($0) }),
      "measure": .string(command),
      "chance": .metric(chance),
      "replicates": .integer(advice.replicates),
      "interval_of": .string(advice.subject.rawValue),
      "predictions": .array(advice.predictions.map(object)),
      "crossovers": .array(advice.crossovers.map(object)),
      "model": .string(advice.comparison.chosen.name),
      "models": .array(advice.comparison.entries.map(object)),
    ]
    return JSONValue.object(members.adding(shift)).report
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

  /// The accuracy of guessing if no strategy is better; `nil` otherwise.
  private var chance: Double? {
    if case .guessing(let chance, _) = advice.outcome { chance } else { nil }
  }

  private var isDecided: Bool {
    if case .advised = advice.outcome { true } else { false }
  }

  private func object(_ prediction: ArmPrediction) -> JSONValue {
    .object([
      "strategy": .string(prediction.arm.name),
      "accuracy": .metric(prediction.accuracy),
      "outside": .boolean(prediction.isOutside),
      "accuracy_interval": .interval(prediction.interval),
      "best_probability": .metric(prediction.bestProbability),
      "sufficient_probability": .metric(prediction.sufficientProbability),
      "cpu_seconds": .metric(prediction.cpuSeconds),
      "flops": .metric(prediction.flops),
    ])
  }

  private func object(_ crossover: Crossover) -> JSONValue {
    .object([
      "train_size": .metric(crossover.trainSize),
      "either_from": .metric(crossover.eitherFrom),
      "interval": .interval(crossover.interval),
      "below": .string(crossover.below.name),
      "above": .string(crossover.above.name),
    ])
  }

  private func object(_ entry: ModelComparison.Entry) -> JSONValue {
    .object([
      "model": .string(entry.model.name),
      "error_points": .metric(entry.error),
      "similarity_error_points": .metric(entry.similarityError),
      "size_error_points": .metric(entry.sizeError),
    ])
  }
}

extension ReportHeader {
  /// The advice of the rule table alone, as JSON.
  package static func adviceJSON(_ advice: Advice, layerNames: [String]) -> String {
    JSONValue.object([
      "format": .integer(1),
      "train_size": .integer(advice.datasetSize),
      "similarity": .string(advice.similarity.rawValue),
      "source": .string("rule-table"),
      "decided": .boolean(true),
      "strategy": .string(advice.arm.name),
      "family": .string(advice.strategy.rawValue),
      "freeze": .array(advice.frozenGroups.map { .string($0.rawValue) }),
      "freeze_layers": .array(layerNames.map { .string($0) }),
      "learning_rates": ratesObject(advice.arm),
      "head_solver": .string(headSolver(advice.arm)),
      "rule": .string(advice.rule.id),
      "rule_strategy": .string(advice.arm.name),
      "reasoning": .string(advice.reasoning),
    ]).report
  }

  /// The learning rates of the trained groups, empty if the head is solved; `null` if the rates are
  /// not known.
  static func ratesObject(_ arm: Arm) -> JSONValue {
    guard !arm.isNameOnly else { return .null }
    return .object(JSONObject(trainedRates(arm).map { ($0.group.rawValue, .number($0.rate)) }))
  }
}
