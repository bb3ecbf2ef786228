package import Records
import RealModule

/// A comparison of strategies by their results on single examples, each of which was left out of
/// the training that is tested on it: all folds are pooled.
///
/// The squared standard error of an accuracy is s²/m + 1/(4m²) + τ²/k: s² is the sample variance of
/// the results (1 or 0) of the m examples, the second term is half an example, so that a strategy
/// without errors is not certain, and τ² is the variance of one training (``RunSpread``), of which
/// there are k. That of the difference of two strategies has the sample variance of the differences
/// example by example, so that examples that are hard for both cancel, and twice the other terms.
/// Intervals are normal ones of 95 %.
package struct FoldComparison: Sendable, Hashable {
  /// One strategy.
  package struct Row: Sendable, Hashable {
    package let arm: Arm
    /// How many folds were tested on.
    package let folds: Int
    /// The fraction of the examples of its folds that were classified correctly.
    package let accuracy: Double
    /// Half the width of the interval of the accuracy, before it is clipped.
    package let halfWidth: Double
    /// How much less accurate it is than the best strategy on the folds that both have; `nil` for
    /// the best one, and without a fold in common.
    package let loss: RaceAnswer.Loss?
    /// Mean processor time of a training, in seconds.
    package let cpuSeconds: Double?

    /// The interval of the accuracy, within 0...1.
    package var interval: ConfidenceInterval {
      ConfidenceInterval(lower: accuracy - halfWidth, upper: accuracy + halfWidth)
        .clipped(to: .share)
    }
  }

  /// Half the width of an interval of 95 %, in standard errors.
  static let quantile = 1.96

  package let place: MatrixPlace
  /// The number of folds of the plan.
  package let foldCount: Int
  /// How many examples were tested on by any strategy.
  package let exampleCount: Int
  /// Whether all strategies were tested on the same folds; not if runs failed or are missing.
  package let isPaired: Bool
  /// The strategies with results, the most accurate first.
  package let rows: [Row]
  /// The most accurate strategy; if strategies have different folds, by ``RacePosterior``.
  package let best: Row
  /// The accuracy of the best strategy, corrected for the choice among several; `nil` for a single
  /// one.
  package let corrected: SelectionCorrection?

  /// The comparisons at all places of a plan with folds, in its order; places without results are
  /// left out.
  package static func all(of results: SweepResults) -> [FoldComparison] {
    let plan = results.plan
    guard plan.folds != nil, plan.depths.isEmpty else { return [] }
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.compactMap { size in
        FoldComparison(results, at: MatrixPlace(similarity: similarity, trainSize: size))
      }
    }
  }

  /// The most accurate strategy with all labels: by all folds together or, for results without
  /// folds, by the mean over replicates; `nil` without results.
  package static func bestArm(of results: SweepResults) -> Arm? {
    if let most = all(of: results).max(by: { $0.place.trainSize < $1.place.trainSize }) {
      return most.best.arm
    }
    let cells = (try? ResultsMatrix(results))?.cells
    return cells?.max { $0.trainSize < $1.trainSize }?.bestArm?.arm
  }

  /// The comparison at a place; `nil` without results, or if strategies disagree about the number
  /// of examples of a fold.
  private init?(_ results: SweepResults, at place: MatrixPlace) {
    let plan = results.plan
    let measurements = plan.arms.map {
      results.measurements(
        similarity: place.similarity, trainSize: place.trainSize, arm: $0)
    }
    guard let folds = FoldTable(measurements) else { return nil }
    let (table, entrants) = (folds.table, folds.table.entrants)
    let errors = Errors(table: table, runVariance: folds.runVariance)
    // With other folds, other examples were tested on, which may be harder.
    let isPaired = entrants.allSatisfy { Set($0.correct.keys) == Set(entrants[0].correct.keys) }
    let means =
      isPaired
      ? entrants.indices.map { table.mean(of: $0) ?? 0 } : RacePosterior(table)?.mean ?? []
    // Of equally accurate strategies the first one.
    let leader = means.indices.reduce(0) { means[$1] > means[$0] ? $1 : $0 }
    let rows = zip(entrants.indices, folds.strategies).map { entrant, strategy in
      Row(
        arm: plan.arms[strategy], folds: entrants[entrant].correct.count,
        accuracy: table.mean(of: entrant) ?? 0,
        halfWidth: Self.quantile * errors.ofAccuracy(entrant),
        loss: entrant == leader ? nil : errors.loss(of: entrant, to: leader),
        cpuSeconds: Statistics.mean(
          measurements[strategy].compactMap { $0?.cpuSeconds.ifFinite }))
    }
    self.place = place
    foldCount = plan.folds ?? plan.replicates
    exampleCount = folds.exampleCount
    self.isPaired = isPaired
    best = rows[leader]
    self.rows = rows.enumerated()
      .sorted { ($1.element.accuracy, $0.offset) < ($0.element.accuracy, $1.offset) }
      .map(\.element)
    corrected =
      entrants.count > 1
      ? SelectionCorrection(
        table, choosing: SelectionCorrection.Choice(entrant: leader),
        runVariance: errors.runVariance, repetitions: RaceAnswer.repetitions(table), seed: 0) : nil
  }

  /// The strategies that are not shown to be further behind the best one than a margin, in points.
  package func close(margin: Double) -> [Row] {
    rows.filter { row in row.loss.map { 100 * $0.interval.lower <= margin } ?? false }
  }
}

/// The standard errors of pooled results.
private struct Errors {
  let table: RaceTable
  /// The variance of one training.
  let runVariance: Double

  func ofAccuracy(_ entrant: Int) -> Double {
    error(table.covariance(of: [entrant])[0][0], trainings: 1, over: table.folds(of: entrant))
  }

  /// How much less accurate a strategy is than another one; `nil` without a fold in common.
  func loss(of entrant: Int, to best: Int) -> RaceAnswer.Loss? {
    let common = table.folds(of: entrant).filter { table.entrants[best].correct[$0] != nil }
    guard !common.isEmpty,
      let mean = Statistics.mean(
        zip(table.scores(of: best, in: common), table.scores(of: entrant, in: common))
          .map { $0 - $1 })
    else { return nil }
    let covariance = table.covariance(of: [best, entrant])
    let half =
      FoldComparison.quantile
      * error(
        covariance[0][0] + covariance[1][1] - 2 * covariance[0][1], trainings: 2, over: common)
    return RaceAnswer.Loss(
      mean: mean, interval: ConfidenceInterval(lower: mean - half, upper: mean + half))
  }

  private func error(_ variance: Double, trainings: Double, over folds: [Int]) -> Double {
    let count = Double(folds.reduce(0) { $0 + table.folds[$1].count })
    return Double.sqrt(
      max(0, variance) / count
        + trainings * (0.25 / (count * count) + runVariance / Double(folds.count)))
  }
}
