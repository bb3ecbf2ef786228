package import Analysis
package import Records

extension RacePlan {
  /// What a race says so far.
  ///
  /// - Parameter repetitions: of the correction for the choice; `nil` for as many as it needs.
  package func answer(_ record: RaceRecord, repetitions: Int? = nil) -> RaceAnswer? {
    RaceAnswer(
      table(of: record.outcomes), rules: rules, guess: guessIndex, costs: costs(record), seed: seed,
      repetitions: repetitions)
  }

  /// The mean processor time of a piece of every strategy that has one, by its index; guessing has
  /// none.
  package func costs(_ record: RaceRecord) -> [Int: Double] {
    var costs: [Int: Double] = [:]
    for (index, entrant) in entrants.enumerated() {
      costs[index] = record.cpuSeconds(of: entrant.name)
    }
    return costs
  }

  /// The strategy that the criteria pick, whether or not it is better than guessing, and the most
  /// accurate one of another family.
  func forecastEntrants(_ record: RaceRecord) -> [Int] {
    let table = table(of: record.outcomes)
    guard let posterior = RacePosterior(table),
      let leader = rules.choice(
        RaceStanding.standings(posterior, rules: rules, seed: seed), costs: costs(record),
        guess: guessIndex)
    else { return [] }
    let rival = entrants.indices
      .filter { !table.folds(of: $0).isEmpty && entrants[$0].family != entrants[leader].family }
      .max { (table.mean(of: $0) ?? 0) < (table.mean(of: $1) ?? 0) }
    return [leader] + (rival.map { [$0] } ?? [])
  }

  /// What more labels would bring, for the strategies that have been trained with fewer.
  ///
  /// - Parameter multiples: of the number of labels, above 1.
  package func forecasts(_ record: RaceRecord, multiples: [Double]) -> [RaceForecast] {
    let weights = metric.weights(labels: labels)
    return forecastEntrants(record).compactMap { index -> RaceForecast? in
      let entrant = entrants[index]
      let divisors = [4, 2, 1]
      let common = folds.indices.filter { fold in
        divisors.allSatisfy {
          record.outcomes[RacePiece(strategy: entrant.name, fold: fold, divisor: $0)]?.result != nil
        }
      }
      guard !common.isEmpty else { return nil }
      let training = labels.count - (common.map { folds[$0].count }.max() ?? 0)
      let rows = common.flatMap { folds[$0] }
      let measured = divisors.map { divisor in
        // Every class keeps an example.
        LabelForecast.Measured(
          size: max(Set(labels).count, training / divisor),
          correct: common.flatMap { fold in
            record.outcomes[RacePiece(strategy: entrant.name, fold: fold, divisor: divisor)]?
              .result?.correct ?? []
          })
      }
      let values = multiples.compactMap { multiple in
        LabelForecast(
          measured, family: entrant.family, size: Int(multiple * Double(labels.count)),
          weights: rows.map { weights[$0] }, seed: seed
        ).map { RaceForecast.Value(multiple: multiple, forecast: $0) }
      }
      let scores = zip(measured[measured.count - 1].correct, rows).map { $0 ? weights[$1] : 0 }
      let accuracy = scores.reduce(0, +) / rows.reduce(0) { $0 + weights[$1] }
      return RaceForecast(
        name: entrant.name, family: entrant.family, accuracy: accuracy, values: values)
    }
  }
}
