import Analysis
import Records

extension MeasuredAdviceReport {
  /// The reasons for the advice, in sentences.
  var reasoning: String {
    switch advice.outcome {
    case .advised(let arm): return advisedReasoning(arm)
    case .undecided(let leading, let measure): return undecidedReasoning(leading, measure)
    case .guessing(let chance, let cheapest):
      return "For \(task) no strategy is shown to be more than \(margin) better than guessing "
        + "(\(NumberText.percent(chance)) %). Label more examples, or use a network that was "
        + "pretrained on something closer. The cheapest strategy is \(cheapest.name)."
    case .outside(let reason, let arm):
      return "The measurements do not cover this: \(reason). By extrapolation \(arm.name) would be "
        + "the choice; do not rely on it or on the figures below."
    }
  }

  /// Reasons not to rely on the printed numbers.
  var warnings: [String] {
    guard let replicates = advice.replicates, replicates < MeasuredAdvice.enoughReplicates,
      ![.oneTask, .allFolds].contains(advice.subject),
      advice.predictions.contains(where: { $0.interval != nil })
    else { return [] }
    return [
      "The figures rest on \(MatrixText.counted(replicates, "replicate")); with fewer than "
        + "\(MeasuredAdvice.enoughReplicates), probabilities and intervals are rough."
    ]
  }

  /// The command that measures what is missing; `nil` if the advice is decided, or there is none.
  var command: String? {
    if case .undecided(_, let measure) = advice.outcome { measure.command } else { nil }
  }

  private var allowance: String { points(allowedPoints) }

  private var margin: String { points(advice.criteria.margin) }

  private func points(_ value: Double) -> String {
    "\(NumberText.short(value)) \(value == 1 ? "point" : "points")"
  }

  private var task: String {
    let examples = MatrixText.counted(advice.trainSize, "labelled example")
    if [.meanOverSplits, .allFolds].contains(advice.subject) {
      return "\(examples) of the measured set"
    }
    return advice.similarity.map { "\(examples) at \($0.label) similarity" }
      ?? "\(examples) of a task of unknown similarity"
  }

  private func prediction(_ arm: Arm) -> ArmPrediction? {
    advice.predictions.first { $0.arm == arm }
  }

  private func expected(_ arm: Arm) -> String? {
    prediction(arm)?.accuracy.map(NumberText.percent)
  }

  private func advisedReasoning(_ arm: Arm) -> String {
    let criteria = advice.criteria
    let accuracy = expected(arm) ?? ""
    let probability = prediction(arm)?.sufficientProbability.map(NumberText.probability) ?? ""
    let isMost = !advice.predictions.contains {
      ($0.accuracy ?? 0) > (prediction(arm)?.accuracy ?? 0)
    }
    let why =
      switch criteria.preference {
      case .accuracy where isMost: "is expected to be the most accurate (\(accuracy) %)"
      case .accuracy: "is the cheapest of those that are practically equal (\(accuracy) % expected)"
      case .balanced, .cheap: "is the cheapest that suffices (\(accuracy) % expected)"
      }
    let rule =
      advice.rule.map { rule in
        rule.arm.isSameTreatment(as: arm) || rule.arm.name == arm.name
          ? " The rule table advises the same."
          : expected(rule.arm).map {
            " The rule table's \(rule.arm.name) is expected to reach \($0) %."
          } ?? " The rule table's \(rule.arm.name) was not measured."
      } ?? ""
    return "For \(task), \(arm.name) \(why); the probability that it loses at most "
      + "\(allowance) to the best strategy is \(probability)." + rule
  }

  private func undecidedReasoning(_ leading: [Arm], _ measure: SuggestedSweep) -> String {
    let missing = advice.predictions.filter(\.isOutside).map(\.arm.name)
    let absent =
      missing.isEmpty
      ? ""
      : " Not measured around this place, and perhaps better: \(missing.joined(separator: ", "))."
    let chances = leading.compactMap { arm in
      prediction(arm)?.sufficientProbability.map {
        "\(arm.name) (\(NumberText.probability($0)))"
      }
    }
    guard !chances.isEmpty else {
      return "For \(task) nothing can be said with confidence: no place was measured with two "
        + "replicates." + absent
    }
    let needed = NumberText.probability(advice.criteria.confidence)
    let likeliest =
      missing.isEmpty ? " Closest: \(chances.joined(separator: ", "))." : absent
    return "For \(task) no strategy is within \(allowance) of the best with probability \(needed)."
      + likeliest + advisable(measure)
  }

  private func advisable(_ measure: SuggestedSweep) -> String {
    if measure.command != nil { return "" }
    if advice.subject == .oneTask {
      return " Estimate the similarity and ask again with it, or measure the task itself with "
        + "'tlbench compare'."
    }
    if advice.subject == .allFolds {
      return " Every example has been tested once: more labelled examples would tell them apart."
    }
    return " Measure them at this size, \(measure.replicates) replicates each."
  }
}
