import Analysis
import Records

/// The values of a race that figures show, without any layout.
package struct RaceValues: Sendable, Hashable {
  /// The accuracy of a strategy on all its folds so far, when one more of them had ended.
  package struct Step: Sendable, Hashable {
    package let strategy: String
    /// Seconds since the race began, earlier sessions included.
    package let seconds: Double
    /// 0...1.
    package let accuracy: Double
    package let folds: Int
  }

  /// How a strategy stands at the end.
  package struct Level: Sendable, Hashable {
    package let strategy: String
    /// The expected accuracy, 0...1.
    package let accuracy: Double
    /// The probability that no strategy is better by more than the allowed loss.
    package let within: Double
    /// The loss that is not exceeded with 95 % probability, as a fraction.
    package let bound: Double
    package let isAdvised: Bool
  }

  /// What a number of labels would bring.
  package struct Future: Sendable, Hashable {
    package let strategy: String
    package let labels: Int
    /// The accuracy and the ends of its 95 % interval, 0...1.
    package let accuracy, lower, upper: Double
  }

  /// The pieces of this session, in the order in which they ended.
  package let steps: [Step]
  /// The most accurate strategy first.
  package let levels: [Level]
  package let futures: [Future]
}

extension RaceReport {
  /// The values that figures of the race show.
  package var values: RaceValues {
    RaceValues(steps: steps, levels: levels, futures: futures)
  }

  private var steps: [RaceValues.Step] {
    let pieces = record.ledger.filter { $0.piece.divisor == 1 }
    let trained = Set(pieces.map(\.piece))
    // The folds of earlier sessions come first.
    var known = record.outcomes.filter { $0.key.divisor == 1 && !trained.contains($0.key) }
    return pieces.compactMap { entry in
      known[entry.piece] = record.outcomes[entry.piece]
      guard record.outcomes[entry.piece]?.result != nil else { return nil }
      let results = known.filter { $0.key.strategy == entry.piece.strategy }
        .compactMap { $0.value.result?.correct }
      let correct = results.joined()
      return RaceValues.Step(
        strategy: entry.piece.strategy, seconds: entry.ended,
        accuracy: Double(correct.count { $0 }) / Double(max(1, correct.count)),
        folds: results.count)
    }
  }

  private var levels: [RaceValues.Level] {
    answer.standings.sorted { $0.mean > $1.mean }.map { standing in
      RaceValues.Level(
        strategy: names[standing.entrant], accuracy: standing.mean, within: standing.within,
        bound: standing.bound, isAdvised: standing.entrant == answer.choice.entrant)
    }
  }

  private var futures: [RaceValues.Future] {
    forecasts.flatMap { forecast in
      forecast.values.map { value in
        let now = value.forecast.accuracy - value.forecast.gain
        return RaceValues.Future(
          strategy: forecast.name, labels: value.forecast.size,
          accuracy: value.forecast.accuracy, lower: now + value.forecast.gainInterval.lower,
          upper: now + value.forecast.gainInterval.upper)
      }
    }
  }
}
