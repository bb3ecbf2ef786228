import Analysis
import Records

extension RaceReport {
  /// The answer for programs: always the same members in the same order.
  ///
  /// Members that are not known are `null`. Accuracies, losses and probabilities are fractions.
  package func json() -> String { document.report }

  /// The answer as one line of JSON.
  package func line() -> String { document.text(.line) }

  private var document: JSONValue {
    let (criteria, choice) = (task.criteria, answer.choice)
    return .object([
      "format": .integer(1),
      "outcome": .string(outcome),
      "decided": .boolean(answer.isDecided),
      "strategy": answer.isGuessing ? .null : .string(self.choice),
      "labels": .integer(task.labels),
      "classes": .integer(task.classes),
      "network": .string(task.network),
      "metric": .string(task.metric.rawValue),
      "margin_points": .number(criteria.margin),
      "confidence": .number(criteria.confidence),
      "prefer": .string(criteria.preference.rawValue),
      "accuracy": .metric(answer.accuracy.accuracy),
      "accuracy_interval": .interval(answer.accuracy.interval),
      "uncorrected_accuracy": .metric(answer.accuracy.uncorrected),
      "sealed_test": sealedTest.map {
        .object([
          "accuracy": .metric($0.accuracy), "interval": .interval($0.interval),
          "examples": .integer($0.count),
        ])
      } ?? .null,
      "within_probability": .metric(choice.within),
      "expected_loss": .metric(choice.expectedRegret),
      "loss_bound": .metric(choice.bound),
      "resolution": .metric(answer.resolution),
      "runner_up": .string(answer.runnerUp.map { names[$0.entrant] }),
      "runner_up_loss": .metric(answer.runnerUpLoss?.mean),
      "runner_up_loss_interval": .interval(answer.runnerUpLoss?.interval),
      "folds": .integer(answer.foldCount),
      "end": .string(record.end.rawValue),
      "budget_seconds": .metric(task.budget),
      "elapsed_seconds": .metric(task.elapsed),
      "cpu_seconds": .metric(cpuSeconds),
      "standings": .array(answer.standings.map(object)),
      "dropped": .array(record.drops.map(object)),
      "forecasts": .array(forecasts.map(object)),
      "features": features.map(object) ?? .null,
      "features_skipped": .string(featuresSkipped),
    ])
  }

  private func object(_ standing: RaceStanding) -> JSONValue {
    .object([
      "strategy": .string(names[standing.entrant]),
      "folds": .integer(foldCount(of: names[standing.entrant])),
      "accuracy": .metric(standing.mean),
      "within_probability": .metric(standing.within),
      "best_probability": .metric(standing.best),
      "expected_loss": .metric(standing.expectedRegret),
      "loss_bound": .metric(standing.bound),
      "cpu_seconds": .metric(costs[standing.entrant]),
    ])
  }

  /// Why a strategy left a race, in a word.
  static func word(_ reason: RaceRecord.DropReason) -> String {
    switch reason {
    case .behind: "behind"
    case .failed: "failed"
    case .time: "time"
    case .memory: "memory"
    }
  }

  private func object(_ drop: RaceRecord.Drop) -> JSONValue {
    let detail: String? =
      switch drop.reason {
      case .behind, .time: nil
      case .failed(let text): text
      case .memory(let bytes): "\(bytes) bytes"
      }
    return .object([
      "strategy": .string(drop.name), "folds": .integer(drop.folds),
      "reason": .string(Self.word(drop.reason)), "detail": .string(detail),
    ])
  }

  private func object(_ forecast: RaceForecast) -> JSONValue {
    .object([
      "strategy": .string(forecast.name),
      "accuracy": .metric(forecast.accuracy),
      "sizes": .array(
        forecast.values.map { value in
          .object([
            "labels": .integer(value.forecast.size),
            "accuracy": .metric(value.forecast.accuracy),
            "gain": .metric(value.forecast.gain),
            "gain_interval": .interval(value.forecast.gainInterval),
          ])
        }),
    ])
  }

  private func object(_ features: FeatureFindings) -> JSONValue {
    .object([
      "examples": .integer(features.examples),
      "nearest_neighbours": .metric(features.nearestNeighbours),
      "nearest_mean": .metric(features.nearestMean),
      "solved_heads": .array(
        features.solvedHeads.map {
          .object(["group": .string($0.group.rawValue), "accuracy": .metric($0.accuracy)])
        }),
      "untrained": .metric(features.untrained),
      "log_evidence": .metric(features.scores?.logEvidence),
      "untrained_log_evidence": .metric(features.untrainedScores?.logEvidence),
      "h_score": .metric(features.scores?.hScore),
      "untrained_h_score": .metric(features.untrainedScores?.hScore),
    ])
  }
}
