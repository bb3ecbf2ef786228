import RealModule

/// The accuracy of the strategy that a race advises, corrected for the choice: its own results are
/// too good, since they made it the choice.
///
/// Tsamardinos, Greasidou and Borboudakis, "Bootstrapping the out-of-sample predictions for
/// efficient and accurate cross-validation", Machine Learning 107, 2018 (BBC-CV): examples are
/// drawn with replacement, class by class; the strategy that wins on them is scored on those that
/// were not drawn. Strategies that were dropped take part with the folds that they have. The
/// trainings had the examples of all folds but one: with all labels the winner is usually a little
/// better.
///
/// Where a cheap strategy is preferred to the most accurate one, the strategy that wins is the
/// cheapest one that loses little on the examples drawn, and only those samples count in which the
/// advised strategy wins, so that the accuracy is that of the advised strategy.
package struct SelectionCorrection: Sendable, Hashable, Codable {
  /// The corrected accuracy, 0...1.
  package let accuracy: Double
  /// The 95 % interval of the corrected accuracy.
  package let interval: ConfidenceInterval
  /// The accuracy of the strategy on the examples that chose it.
  package let uncorrected: Double

  /// How a strategy was chosen.
  package struct Choice {
    /// The index in the table of the strategy that was chosen.
    let entrant: Int
    /// The loss, as a fraction, up to which a cheaper strategy is preferred; 0 for none.
    let sufficientLoss: Double
    /// The costs of the strategies by their index, in any unit.
    let costs: [Int: Double]
    /// The index of a strategy that could not be chosen.
    let excluded: Int?

    package init(
      entrant: Int, sufficientLoss: Double = 0, costs: [Int: Double] = [:], excluded: Int? = nil
    ) {
      self.entrant = entrant
      self.sufficientLoss = sufficientLoss
      self.costs = costs
      self.excluded = excluded
    }
  }

  /// In how many samples at least the advised strategy must win, as a fraction; otherwise all
  /// samples count.
  private static let leastShare = 0.1

  /// Corrects the accuracy of the chosen strategy; `nil` if no strategy has a fold.
  ///
  /// - Parameters:
  ///   - choice: how it was chosen (default: the most accurate strategy).
  ///   - runVariance: the variance of one training, which widens the interval.
  ///   - repetitions: the number of bootstrap samples, at least 1.
  package init?(
    _ table: RaceTable, choosing choice: Choice? = nil, runVariance: Double,
    repetitions: Int = 1_000, seed: UInt64
  ) {
    let entrants = table.entrants.indices.filter {
      !table.entrants[$0].correct.isEmpty && $0 != choice?.excluded
    }
    let mostAccurate = entrants.max { (table.mean(of: $0) ?? 0) < (table.mean(of: $1) ?? 0) }
    guard let chosen = choice?.entrant ?? mostAccurate, let place = entrants.firstIndex(of: chosen),
      let uncorrected = table.mean(of: chosen)
    else { return nil }
    let seen = table.folds.indices.filter { fold in
      entrants.contains { table.entrants[$0].correct[fold] != nil }
    }
    let examples = seen.flatMap { table.folds[$0] }
    let columns = entrants.map { Column($0, table, seen: seen) }
    let strata = Dictionary(grouping: examples.indices) { table.labels[examples[$0]] }
      .sorted { $0.key < $1.key }.map(\.value)

    var generator = SplitMix64(seed: seed)
    // The accuracies of the strategies that win, and those of the chosen one.
    var (winners, own): ([(column: Int, accuracy: Double)], [Double]) = ([], [])
    for _ in 0..<repetitions {
      var drawn = [Double](repeating: 0, count: examples.count)
      for stratum in strata {
        for _ in stratum { drawn[stratum[generator.next(below: stratum.count)]] += 1 }
      }
      let left = drawn.map { $0 == 0 ? 1.0 : 0 }
      let winner = Self.winner(columns.map { $0.mean(drawn) }, entrants, choice)
      if let winner, let outside = columns[winner].mean(left) {
        winners.append((winner, outside))
      }
      if let outside = columns[place].mean(left) { own.append(outside) }
    }
    var values = winners.map(\.accuracy)
    if let choice, choice.sufficientLoss > 0 {
      let wins = winners.filter { $0.column == place }.map(\.accuracy)
      values = Double(wins.count) >= Self.leastShare * Double(repetitions) ? wins : own
    }
    guard let mean = Statistics.mean(values) else { return nil }
    accuracy = mean
    self.uncorrected = uncorrected
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    // The examples that were not drawn are fewer than all, which makes their mean vary more than
    // the mean of all: by (1 − q) / q with q = 1/e.
    let q = Double.exp(-1)
    let ofExamples = variance * q / (1 - q)
    let (folds, all) = (Double(max(1, seen.count)), Double(examples.count))
    let half = 1.96 * Double.sqrt(ofExamples + runVariance / folds + 0.25 / (all * all))
    interval = ConfidenceInterval(lower: mean - half, upper: mean + half).clipped(to: .share)
  }

  /// The place of the strategy that wins with some accuracies; `nil` if none has any.
  private static func winner(
    _ accuracies: [Double?], _ entrants: [Int], _ choice: Choice?
  ) -> Int? {
    let known = accuracies.enumerated().compactMap { place, value in
      value.map { (place: place, accuracy: $0) }
    }
    guard let best = known.map(\.accuracy).max() else { return nil }
    guard let choice, choice.sufficientLoss > 0 else {
      return known.first { $0.accuracy == best }?.place
    }
    func cost(_ place: Int) -> Double { choice.costs[entrants[place]] ?? .infinity }
    return known.filter { $0.accuracy >= best - choice.sufficientLoss }
      .min { (cost($0.place), -$0.accuracy) < (cost($1.place), -$1.accuracy) }?.place
  }

  /// The results of one strategy on the examples that any strategy has.
  private struct Column {
    let scores: [Double]
    /// 1 for an example that the strategy has, 0 for others.
    let has: [Double]

    init(_ entrant: Int, _ table: RaceTable, seen: [Int]) {
      scores = seen.flatMap { fold in
        table.entrants[entrant].correct[fold] == nil
          ? Array(repeating: 0, count: table.folds[fold].count)
          : table.scores(of: entrant, in: [fold])
      }
      has = seen.flatMap { fold in
        Array(
          repeating: table.entrants[entrant].correct[fold] == nil ? 0.0 : 1,
          count: table.folds[fold].count)
      }
    }

    /// The mean over examples with weights; `nil` if the strategy has none of them.
    func mean(_ weights: [Double]) -> Double? {
      var (sum, count) = (0.0, 0.0)
      for index in scores.indices {
        sum += weights[index] * scores[index]
        count += weights[index] * has[index]
      }
      return count > 0 ? sum / count : nil
    }
  }
}
