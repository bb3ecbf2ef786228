package import Analysis
package import Records

/// What `tlbench recommend --results` prints.
package struct MeasuredAdviceReport: Sendable {
  let advice: MeasuredAdvice
  let followUp: String
  let layerNames: @Sendable (Arm) -> [String]

  /// - Parameters:
  ///   - followUp: The command that repeats the question with the results of the suggested sweep.
  ///   - layerNames: The layers that a strategy freezes in the architecture in question, input
  ///     first.
  package init(
    _ advice: MeasuredAdvice, followUp: String = "",
    layerNames: @escaping @Sendable (Arm) -> [String]
  ) {
    self.advice = advice
    self.followUp = followUp
    self.layerNames = layerNames
  }

  /// The report for people: lines of at most 100 characters unless a name is longer, ending in a
  /// newline.
  ///
  /// - Parameter layout: the terminal that the text is laid out for (default: a file); only a
  ///   verbose one compares the models of the measurements.
  package func text(layout: TextLayout = .file) -> String {
    var entries: [(String, String)]
    switch advice.outcome {
    case .advised(let arm):
      entries = ReportHeader.treatment(arm, layerNames: layerNames(arm))
    case .outside(_, let arm):
      entries = ReportHeader.treatment(arm, layerNames: layerNames(arm))
      entries.insert(("outside", "extrapolated, do not rely on it"), at: 0)
    case .undecided: entries = [("strategy", "undecided")]
    case .guessing: entries = [("strategy", "none is shown to be better than guessing")]
    }
    if let rule = advice.rule {
      entries.append(("rule table", "\(rule.arm.name) (\(rule.rule.id))\(ruleJudgement)"))
    }
    entries += changes.enumerated().map { ($0 == 0 ? "changes" : "", $1) }
    entries.append(("reasoning", reasoning))
    entries += warnings.map { ("warning", $0) }
    if let command {
      entries.append(("measure", command))
      if !followUp.isEmpty { entries.append(("then", followUp)) }
    }
    if layout.isVerbose { entries.append(("model", modelSentence)) }
    let notes = note.wrappedAsNote(to: layout.width ?? .max)
    return ReportHeader.lines(entries, layout: layout) + "\n" + table(layout)
      + notes.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
  }

  private var ruleJudgement: String {
    switch advice.ruleVerdict {
    case .refuted: ", refuted by these results"
    case .supported: ", supported by these results"
    case .undecided, .notMeasured, .nothingLearns, .ceiling, nil: ""
    }
  }

  var allowedPoints: Double {
    advice.criteria.margin * advice.criteria.preference.allowedMargins
  }

  /// The title of the column of probabilities.
  private var sufficiency: String { "P(loss ≤ \(NumberText.short(allowedPoints)) pt)" }

  private func table(_ layout: TextLayout) -> String {
    var table = TextTable(
      [("strategy", TextTable.Alignment.left)].map { .init($0, $1) }
        + [
          "accuracy", "95 % interval", "P(best)", sufficiency, "CPU s", "GFLOP",
        ].map { .init($0, .right) })
    let sorted = advice.predictions.sorted { ($0.accuracy ?? -1) > ($1.accuracy ?? -1) }
    for prediction in sorted {
      table.append([
        prediction.arm.name, prediction.accuracy.map(NumberText.percent) ?? MatrixText.absent,
        prediction.interval.map {
          "[\(NumberText.percent($0.lower)), \(NumberText.percent($0.upper))]"
        } ?? MatrixText.absent,
        prediction.bestProbability.map(NumberText.probability) ?? MatrixText.absent,
        prediction.sufficientProbability.map(NumberText.probability) ?? MatrixText.absent,
        prediction.cpuSeconds.map(NumberText.threeDigits) ?? MatrixText.absent,
        prediction.flops.map { NumberText.threeDigits($0 / 1e9) } ?? MatrixText.absent,
      ])
    }
    return table.rendered(within: layout.width)
  }

  /// What the intervals and probabilities refer to.
  private var note: String {
    guard advice.predictions.contains(where: { $0.interval != nil }) else { return "" }
    let replicates =
      advice.replicates.map { ", from \(MatrixText.counted($0, "replicate")) or more" } ?? ""
    switch advice.subject {
    case .meanOverTasks:
      return "Intervals and P refer to the mean over tasks of this similarity\(replicates)."
    case .oneTask:
      return "Intervals and P refer to one task like the measured ones; all similarities are "
        + "equally likely."
    case .meanOverSplits:
      return "Intervals and P refer to the mean over splits of this set\(replicates), widened "
        + "after Nadeau and Bengio (2003)."
    case .allFolds:
      return "Intervals and P are those of the single examples of all folds, paired between "
        + "strategies, and of how much trainings vary."
    }
  }

  private var changes: [String] {
    advice.crossovers.map { crossover in
      let interval = crossover.interval.map { interval in
        let lower =
          interval.lower > 0 ? NumberText.size(interval.lower) : "below the measured sizes"
        let upper =
          interval.upper.isFinite ? NumberText.size(interval.upper) : "above the measured sizes"
        return " [\(lower), \(upper)]"
      }
      let end = "\(NumberText.size(crossover.trainSize)) examples\(interval ?? "")"
      let (below, above) = (crossover.below.name, crossover.above.name)
      let hasBand =
        NumberText.size(crossover.eitherFrom) != NumberText.size(crossover.trainSize)
      guard hasBand else { return "\(below) up to \(end), then \(above)" }
      return crossover.eitherFrom > 0
        ? "\(below) up to \(NumberText.size(crossover.eitherFrom)), either up to \(end), then \(above)"
        : "either \(below) or \(above) up to \(end), then \(above)"
    }
  }

  private var modelSentence: String {
    let comparison = advice.comparison
    let errors = comparison.entries.compactMap { entry in
      entry.error.map { "\(entry.model.name) \(NumberText.oneDecimal($0))" }
    }
    guard !errors.isEmpty else { return "\(comparison.chosen.name), not compared with others" }
    return "\(comparison.chosen.name), over log size and similarity. Root mean square error in "
      + "points if one similarity or size is left out: \(errors.joined(separator: ", ")). The "
      + "first is used unless the error of another is more than 10 % lower."
  }
}
