package import Analysis
package import Records

/// What `tlbench recommend --results` prints.
package struct MeasuredAdviceText: Sendable {
  let advice: MeasuredAdvice
  let layerNames: @Sendable (Arm) -> [String]

  /// - Parameter layerNames: The layers that an arm freezes in the architecture in question, input
  ///   first.
  package init(_ advice: MeasuredAdvice, layerNames: @escaping @Sendable (Arm) -> [String]) {
    self.advice = advice
    self.layerNames = layerNames
  }

  /// For people: lines of at most 100 characters where names allow it, ending in a newline.
  package func text() -> String {
    var entries: [(String, String)]
    if let arm = advice.arm {
      entries = ReportText.treatment(arm, layerNames: layerNames(arm))
    } else {
      entries = [("strategy", "undecided")]
    }
    if let rule = advice.rule {
      entries.append(("rule table", "\(rule.arm.name) (\(rule.rule.id))"))
    }
    entries += changes.enumerated().map { ($0 == 0 ? "changes" : "", $1) }
    entries.append(("reasoning", reasoning))
    if let command { entries.append(("measure", command)) }
    entries.append(("model", modelSentence))
    return ReportText.lines(entries) + "\n" + table()
  }

  private var allowedPoints: Double {
    advice.criteria.margin * advice.criteria.preference.allowedMargins
  }

  private var allowance: String {
    "\(NumberText.short(allowedPoints)) \(allowedPoints == 1 ? "point" : "points")"
  }

  /// What the last column of the table says.
  var sufficiency: String { "P(loss ≤ \(NumberText.short(allowedPoints)) pt)" }

  private func table() -> String {
    var table = TextTable(
      [("arm", TextTable.Alignment.left)].map { .init($0, $1) }
        + [
          "accuracy", "95 % interval", "P(best)", sufficiency, "CPU s", "GFLOP",
        ].map { .init($0, .right) })
    for prediction in advice.predictions.sorted(by: { $0.accuracy > $1.accuracy }) {
      table.append([
        prediction.arm.name, NumberText.percent(prediction.accuracy),
        prediction.interval.map {
          "[\(NumberText.percent($0.lower)), \(NumberText.percent($0.upper))]"
        } ?? MatrixText.absent,
        prediction.bestProbability.map(NumberText.probability) ?? MatrixText.absent,
        prediction.sufficientProbability.map(NumberText.probability) ?? MatrixText.absent,
        prediction.cpuSeconds.map(NumberText.threeDigits) ?? MatrixText.absent,
        prediction.flops.map { NumberText.threeDigits($0 / 1e9) } ?? MatrixText.absent,
      ])
    }
    return table.rendered()
  }

  private var changes: [String] {
    advice.crossovers.map { crossover in
      let interval = crossover.interval.map { interval in
        let lower = interval.lower > 0 ? NumberText.size(interval.lower) : "below what was measured"
        let upper =
          interval.upper.isFinite ? NumberText.size(interval.upper) : "above what was measured"
        return " [\(lower), \(upper)]"
      }
      return "at \(NumberText.size(crossover.trainSize)) examples\(interval ?? ""), from "
        + "\(crossover.below.name) to \(crossover.above.name)"
    }
  }

  private var task: String {
    let examples = "\(advice.trainSize) labelled \(advice.trainSize == 1 ? "example" : "examples")"
    return advice.similarity.map { "\(examples) at \($0.label) similarity" }
      ?? "\(examples) of a task of unknown similarity"
  }

  private func prediction(_ arm: Arm) -> ArmPrediction? {
    advice.predictions.first { $0.arm == arm }
  }

  /// Why, in sentences.
  var reasoning: String {
    switch advice.outcome {
    case .advised(let arm): advisedReasoning(arm)
    case .undecided(let leading, let measure): undecidedReasoning(leading, measure)
    case .outside(let reason):
      "The measurements do not tell: \(reason). "
        + (advice.rule.map { "This is the advice of the rule table: \"\($0.rule.wording)\". " }
          ?? "The rule table has no advice for a task of unknown similarity. ")
        + "The figures below extrapolate, and are not to be relied on."
    }
  }

  private func advisedReasoning(_ arm: Arm) -> String {
    let criteria = advice.criteria
    let own = prediction(arm)
    let accuracy = own.map { NumberText.percent($0.accuracy) } ?? ""
    let probability = own?.sufficientProbability.map(NumberText.probability) ?? ""
    let why =
      switch criteria.preference {
      case .accuracy: "is expected to be the most accurate (\(accuracy) %)"
      case .balanced, .cheap: "is the cheapest that suffices (\(accuracy) % expected)"
      }
    let rule =
      advice.rule.map { rule in
        rule.arm.isSameTreatment(as: arm) || rule.arm.name == arm.name
          ? " The rule table says the same."
          : prediction(rule.arm).map {
            " The rule table's \(rule.arm.name) is expected to reach "
              + "\(NumberText.percent($0.accuracy)) %."
          } ?? " The rule table's \(rule.arm.name) was not measured."
      } ?? ""
    return "For \(task), \(arm.name) \(why); the probability that it loses at most "
      + "\(allowance) to the best arm is \(probability)." + rule
  }

  private func undecidedReasoning(_ leading: [Arm], _ measure: SuggestedSweep) -> String {
    let chances = leading.compactMap { arm in
      prediction(arm)?.sufficientProbability.map {
        "\(arm.name) (\(NumberText.probability($0)))"
      }
    }
    guard !chances.isEmpty else {
      return "For \(task) nothing can be said with confidence: no place was measured with two "
        + "replicates."
    }
    let needed = NumberText.probability(advice.criteria.confidence)
    return "For \(task) no arm loses at most \(allowance) with "
      + "probability \(needed). The likeliest to: \(chances.joined(separator: ", "))."
      + (measure.command == nil
        ? " Measure them at this size, \(measure.replicates) replicates each." : "")
  }

  /// What would tell more.
  var command: String? {
    if case .undecided(_, let measure) = advice.outcome { measure.command } else { nil }
  }

  private var modelSentence: String {
    let comparison = advice.comparison
    let errors = comparison.entries.compactMap { entry in
      entry.error.map { "\(entry.model.name) \(NumberText.oneDecimal($0))" }
    }
    guard !errors.isEmpty else { return "\(comparison.chosen.name), with nothing to compare it by" }
    return "\(comparison.chosen.name), over log size and similarity. Root mean square error in "
      + "points when one similarity or size is left out: \(errors.joined(separator: ", ")). The "
      + "first is kept unless another one's error is a tenth lower."
  }
}
