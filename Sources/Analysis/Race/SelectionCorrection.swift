import RealModule

/// The accuracy of the strategy that wins a race, corrected for the choice: the winner's own
/// results are too good, since they made it the winner.
///
/// Tsamardinos, Greasidou and Borboudakis, "Bootstrapping the out-of-sample predictions for
/// efficient and accurate cross-validation", Machine Learning 107, 2018 (BBC-CV): examples are
/// drawn with replacement, class by class; the strategy that wins on them is scored on those that
/// were not drawn. Strategies that were dropped take part with the folds that they have. The
/// trainings had the examples of all folds but one: with all labels the winner is usually a little
/// better.
package struct SelectionCorrection: Sendable, Hashable {
  /// The corrected accuracy, 0...1.
  package let accuracy: Double
  /// The 95 % interval of the corrected accuracy.
  package let interval: ConfidenceInterval
  /// The accuracy of the winner on the examples that chose it.
  package let uncorrected: Double

  /// Corrects the accuracy of a race's winner; `nil` if no strategy has a fold.
  ///
  /// - Parameters:
  ///   - runVariance: the variance of one training, which widens the interval.
  ///   - repetitions: the number of bootstrap samples, at least 1.
  package init?(
    _ table: RaceTable, runVariance: Double, repetitions: Int = 1_000, seed: UInt64
  ) {
    let entrants = table.entrants.indices.filter { !table.entrants[$0].correct.isEmpty }
    guard let uncorrected = entrants.compactMap(table.mean).max() else { return nil }
    let seen = table.folds.indices.filter { fold in
      entrants.contains { table.entrants[$0].correct[fold] != nil }
    }
    let examples = seen.flatMap { table.folds[$0] }
    let columns = entrants.map { Column($0, table, seen: seen) }
    let strata = Dictionary(grouping: examples.indices) { table.labels[examples[$0]] }
      .sorted { $0.key < $1.key }.map(\.value)

    var generator = SplitMix64(seed: seed)
    var values: [Double] = []
    for _ in 0..<repetitions {
      var drawn = [Double](repeating: 0, count: examples.count)
      for stratum in strata {
        for _ in stratum { drawn[stratum[generator.next(below: stratum.count)]] += 1 }
      }
      var best: (inside: Double, column: Column)?
      for column in columns {
        guard let inside = column.mean(drawn), inside > best?.inside ?? -1 else { continue }
        best = (inside, column)
      }
      let left = drawn.map { $0 == 0 ? 1.0 : 0 }
      if let outside = best?.column.mean(left) { values.append(outside) }
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
