import Analysis
import Records

extension RaceReport {
  /// The answer for people: lines of at most 100 characters (longer names get their own line),
  /// ending in a newline.
  package func text() -> String {
    let finished = "\(Quantity.seconds(task.elapsed)) of \(Quantity.seconds(task.budget))"
    let raced = names.count { record.foldCount(of: $0) > 0 }
    let heading =
      "\(NumberText.count(task.labels)) labels, \(task.classes) classes, \(task.shape); network "
      + "\(task.network); \(finished), \(raced) strategies trained, \(answer.foldCount) of "
      + "\(task.folds) folds"
    var entries: [(String, String)] = [("Use", use), ("Accuracy", accuracy), ("How sure", sure)]
    if let runnerUp { entries.append(("Runner-up", runnerUp)) }
    entries.append(("Cost", cost))
    if !forecasts.isEmpty { entries.append(("More labels", moreLabels)) }
    if let features {
      entries.append(("Features", Self.text(features)))
    } else if let featuresSkipped {
      entries.append(("Features", "not looked at: \(featuresSkipped)"))
    }
    if !record.drops.isEmpty { entries.append(("Dropped", drops)) }
    entries.append(("Ended", ended))
    entries.append(("Next", next))
    if let goOn { entries.append(("Go on", goOn)) }
    return heading.wrapped(to: 100).joined(separator: "\n") + "\n\n" + ReportHeader.lines(entries)
  }

  private var use: String {
    answer.isGuessing
      ? "nothing yet: no strategy is shown to be better than guessing the most frequent class. "
        + "Label more examples, check the labels, or use other features, or a network that was "
        + "pretrained on something closer"
      : choice
  }

  private var metricName: String {
    task.metric == .accuracy ? "" : " (balanced over classes)"
  }

  private var accuracy: String {
    let own = answer.accuracy
    let corrected =
      "\(NumberText.percent(own.accuracy)) %\(metricName) \(Self.percents(own.interval)) with "
      + "\(task.folds - 1)/\(task.folds) of the labels, corrected for the choice (uncorrected "
      + "\(NumberText.percent(own.uncorrected)))"
    guard let sealedTest else { return corrected }
    return "\(NumberText.percent(sealedTest.accuracy)) % "
      + "\(Self.percents(sealedTest.interval)) on the "
      + "\(NumberText.count(sealedTest.count)) sealed test examples; "
      + "out of fold \(corrected)"
  }

  private var sure: String {
    let (standing, margin) = (answer.choice, task.criteria.margin)
    let allowed = margin * task.criteria.preference.allowedMargins
    let loss = NumberText.probability(1 - standing.within)
    let text =
      "loses more than \(Self.points(allowed)) with probability \(loss); at most "
      + "\(Self.points(100 * standing.bound)) behind the best of the race (95 %). "
    let resolution =
      "\(NumberText.count(task.labels)) labels show differences of two strategies from about "
      + "\(Self.points(100 * answer.resolution)) on"
    if answer.isGuessing { return "no strategy is decided. \(resolution)" }
    return text + (answer.isDecided ? "Decided. " : "Undecided. ") + resolution
  }

  private var runnerUp: String? {
    guard let second = answer.runnerUp, let loss = answer.runnerUpLoss else { return nil }
    let price: String
    if let own = costs[answer.choice.entrant], let other = costs[second.entrant], own > 0, other > 0
    {
      let ratio = own / other
      price =
        ratio >= 1.1
        ? ", \(NumberText.threeDigits(ratio)) times cheaper"
        : ratio <= 0.9 ? ", \(NumberText.threeDigits(1 / ratio)) times dearer" : ""
    } else {
      price = ""
    }
    let interval = loss.interval
    return "\(names[second.entrant]), \(NumberText.percent(second.mean)) %\(price): expected loss "
      + "\(NumberText.oneDecimal(100 * loss.mean)) "
      + "[\(NumberText.oneDecimal(100 * interval.lower)), "
      + "\(NumberText.oneDecimal(100 * interval.upper))] points"
  }

  private var cost: String {
    let own = costs[answer.choice.entrant].map { "\(Quantity.seconds($0)) of one core to train; " }
    return (own ?? "") + "the race took \(Quantity.seconds(cpuSeconds)) of processor time"
  }

  private var moreLabels: String {
    forecasts.map { forecast in
      let gains = forecast.values.map { value in
        let gain = value.forecast.gainInterval
        return "\(NumberText.count(value.forecast.size)): \(Self.signed(value.forecast.gain)) "
          + "[\(NumberText.oneDecimal(100 * gain.lower)), "
          + "\(NumberText.oneDecimal(100 * gain.upper))]"
      }
      let jump = LabelForecast.jumpProbability(forecast.family, accuracy: forecast.accuracy)
      let leap =
        jump > 0.01 ? " (may jump: \(NumberText.probability(jump)) of such curves did)" : ""
      return gains.isEmpty
        ? "\(forecast.name): too far to forecast"
        : "\(forecast.name) with \(gains.joined(separator: ", ")) points\(leap)"
    }.joined(separator: "; ")
  }

  private static func text(_ features: FeatureFindings) -> String {
    let heads = features.solvedHeads.map { NumberText.percent($0.accuracy) }
    let groups = features.solvedHeads.map(\.group.rawValue)
    return "nearest neighbours \(NumberText.percent(features.nearestNeighbours)) %, nearest class "
      + "mean \(NumberText.percent(features.nearestMean)) %, solved head "
      + "\(heads.joined(separator: " / ")) % at \(groups.joined(separator: " / ")), "
      + "\(NumberText.percent(features.untrained)) % on the untrained network"
      + "\(text(scoresOf: features)) (\(NumberText.count(features.examples)) examples)"
  }

  private static func text(scoresOf features: FeatureFindings) -> String {
    guard let own = features.scores, let untrained = features.untrainedScores else { return "" }
    func pair(_ score: (FeatureFindings.Scores) -> Double) -> String {
      "\(NumberText.points(score(own))) (\(NumberText.points(score(untrained))) untrained)"
    }
    return ", LogME \(pair(\.logEvidence)), H-score \(pair(\.hScore))"
  }

  private var drops: String {
    record.drops.map { drop in
      let when = drop.folds == 0 ? "" : " after fold \(drop.folds)"
      switch drop.reason {
      case .behind:
        let index = names.firstIndex(of: drop.name)
        let mean = answer.standings.first { $0.entrant == index }?.mean
        return drop.name + (mean.map { " (\(NumberText.percent($0)) %\(when))" } ?? when)
      case .failed(let reason): return "\(drop.name) (failed: \(reason))"
      case .memory(let bytes):
        return "\(drop.name) (needs \(Quantity.bytes(Double(bytes))) of memory)"
      case .time: return "\(drop.name) (no time\(when))"
      }
    }.joined(separator: ", ")
  }

  private var ended: String {
    switch record.end {
    case .decided: "a strategy is decided"
    case .guessing: "no strategy is better than guessing by more than the margin"
    case .settled: "another fold would change the choice for less than 0.2 points"
    case .exhausted: "every strategy in the race has every fold"
    case .time: "the time is used up"
    case .interrupted: "it was interrupted"
    case .failed: "every strategy failed"
    }
  }

  private static func percents(_ interval: ConfidenceInterval) -> String {
    "[\(NumberText.percent(interval.lower)), \(NumberText.percent(interval.upper))]"
  }

  private static func points(_ value: Double) -> String {
    let text = NumberText.oneDecimal(value)
    return text.hasSuffix(".0") && value >= 1
      ? "\(text.dropLast(2)) \(text == "1.0" ? "point" : "points")" : "\(text) points"
  }

  private static func signed(_ fraction: Double) -> String {
    (fraction >= 0 ? "+" : "") + NumberText.oneDecimal(100 * fraction)
  }
}
