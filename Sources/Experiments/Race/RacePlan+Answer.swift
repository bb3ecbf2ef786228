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

  /// The mean processor time of a piece of every strategy that has one, by its index; none for
  /// guessing.
  package func costs(_ record: RaceRecord) -> [Int: Double] {
    var costs = [guessIndex: 0.0]
    for (index, entrant) in entrants.enumerated() {
      costs[index] = record.cpuSeconds(of: entrant.name)
    }
    return costs
  }

  /// The leading strategy and the leading one of each other family that has enough folds.
  func forecastEntrants(_ record: RaceRecord) -> [Int] {
    let table = table(of: record.outcomes)
    let ranked = entrants.indices.filter { !table.folds(of: $0).isEmpty }
      .sorted { (table.mean(of: $0) ?? 0) > (table.mean(of: $1) ?? 0) }
    guard let leader = ranked.first else { return [] }
    let rival = ranked.first { entrants[$0].family != entrants[leader].family }
    return [leader] + (rival.map { [$0] } ?? [])
  }

  /// What more labels would bring, for the strategies that have been trained with fewer.
  ///
  /// - Parameter multiples: of the number of labels, above 1.
  package func forecasts(_ record: RaceRecord, multiples: [Double]) -> [RaceForecast] {
    forecastEntrants(record).compactMap { index -> RaceForecast? in
      let entrant = entrants[index]
      let divisors = [4, 2, 1]
      let common = folds.indices.filter { fold in
        divisors.allSatisfy {
          record.outcomes[RacePiece(strategy: entrant.name, fold: fold, divisor: $0)]?.result != nil
        }
      }
      guard !common.isEmpty else { return nil }
      let training = labels.count - (common.map { folds[$0].count }.max() ?? 0)
      let measured = divisors.map { divisor in
        LabelForecast.Measured(
          size: max(1, training / divisor),
          correct: common.flatMap { fold in
            record.outcomes[RacePiece(strategy: entrant.name, fold: fold, divisor: divisor)]?
              .result?.correct ?? []
          })
      }
      let values = multiples.compactMap { multiple in
        LabelForecast(
          measured, family: entrant.family, size: Int(multiple * Double(labels.count)), seed: seed
        ).map { RaceForecast.Value(multiple: multiple, forecast: $0) }
      }
      let last = measured[measured.count - 1].correct
      return RaceForecast(
        name: entrant.name, family: entrant.family,
        accuracy: Double(last.count { $0 }) / Double(last.count), values: values)
    }
  }
}
