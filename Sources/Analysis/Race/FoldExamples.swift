import RealModule
import Records

/// The results of one strategy at one place on the single examples of folds, each of which was left
/// out of the training that is tested on it.
///
/// Folds are no replicates: every two trainings share most of their examples. What is known of an
/// accuracy is what its examples say, and what is usual for how much trainings vary; see
/// ``FoldComparison`` for the standard errors.
package struct FoldExamples: Sendable, Hashable {
  /// Whether the examples of each fold were classified correctly, in their order.
  let correct: [Int: [Bool]]
  /// The variance of one training.
  let runVariance: Double
  /// The fraction of all examples that were classified correctly.
  let accuracy: PooledMean

  private init(correct: [Int: [Bool]], runVariance: Double) {
    self.correct = correct
    self.runVariance = runVariance
    let values = correct.keys.sorted().flatMap { (correct[$0] ?? []).map { $0 ? 1.0 : 0 } }
    let extra = Self.extraVariance(values.count, correct.count, runVariance)
    accuracy = Self.pooled(values, extraVariance: extra) ?? .zero
  }

  /// The results of several strategies that are tested on the same folds.
  ///
  /// - Parameter measurements: the measurements of each strategy by fold; `nil` if a run failed or
  ///   is missing.
  /// - Returns: the results of each strategy, `nil` for those without a run; `nil` if a run does
  ///   not have its examples, or strategies disagree about the number of examples of a fold.
  static func all(_ measurements: [[Measurement?]]) -> [FoldExamples?]? {
    guard measurements.joined().allSatisfy({ $0.map { $0.isCorrect?.isEmpty == false } ?? true }),
      let folds = FoldTable(measurements)
    else { return nil }
    return measurements.indices.map { strategy in
      folds.strategies.firstIndex(of: strategy).map {
        FoldExamples(correct: folds.table.entrants[$0].correct, runVariance: folds.runVariance)
      }
    }
  }

  /// How much more accurate this strategy is than another one, or at another place, by differences
  /// example by example on the folds that both have; `nil` if there is none, or a fold has other
  /// examples.
  func lead(over other: FoldExamples) -> PooledMean? {
    let common = correct.keys.filter { other.correct[$0] != nil }.sorted()
    var differences: [Double] = []
    for fold in common {
      let (own, rival) = (correct[fold] ?? [], other.correct[fold] ?? [])
      guard own.count == rival.count else { return nil }
      differences += zip(own, rival).map { ($0 ? 1 : 0) - ($1 ? 1 : 0) }
    }
    return Self.pooled(
      differences,
      extraVariance: [self, other].reduce(0) {
        $0 + Self.extraVariance(differences.count, common.count, $1.runVariance)
      })
  }

  /// The mean of values of single examples.
  private static func pooled(_ values: [Double], extraVariance: Double) -> PooledMean? {
    guard let mean = Statistics.mean(values) else { return nil }
    let count = Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return PooledMean(
      mean: mean,
      standardError: Double.sqrt(squares / max(1, count - 1) / count + extraVariance))
  }

  /// The variance of an accuracy besides that of its examples: half an example, so that a strategy
  /// without errors is not certain, and the trainings.
  private static func extraVariance(_ count: Int, _ folds: Int, _ runVariance: Double) -> Double {
    0.25 / (Double(count) * Double(count)) + runVariance / Double(folds)
  }

  /// The deviations of the examples from their mean, by fold, scaled so that the sum of the
  /// products of two strategies is the covariance of their accuracies.
  var deviations: [Int: [Double]] {
    let mean = accuracy.mean
    let count = Double(correct.values.reduce(0) { $0 + $1.count })
    let scale = 1 / Double.sqrt(count * max(1, count - 1))
    return correct.mapValues { $0.map { scale * (($0 ? 1 : 0) - mean) } }
  }

  /// The variance of the accuracy that no other strategy shares.
  var ownVariance: Double {
    Self.extraVariance(correct.values.reduce(0) { $0 + $1.count }, correct.count, runVariance)
  }
}

/// The strategies of one place as a table of their folds.
struct FoldTable {
  let table: RaceTable
  /// The positions of the strategies that have a fold, which are the entrants of the table.
  let strategies: [Int]
  /// How many examples were tested on by any strategy.
  let exampleCount: Int
  /// The variance of one training.
  let runVariance: Double

  /// Collects the examples of all strategies; `nil` without any, or if strategies disagree about
  /// the number of examples of a fold.
  ///
  /// - Parameter measurements: the measurements of each strategy by fold.
  init?(_ measurements: [[Measurement?]]) {
    var sizes = [Int?](repeating: nil, count: measurements.map(\.count).max() ?? 0)
    var entrants: [RaceTable.Entrant] = []
    var strategies: [Int] = []
    for (strategy, measurements) in measurements.enumerated() {
      var correct: [Int: [Bool]] = [:]
      for (fold, measurement) in measurements.enumerated() {
        guard let examples = measurement?.isCorrect, !examples.isEmpty else { continue }
        guard sizes[fold] ?? examples.count == examples.count else { return nil }
        sizes[fold] = examples.count
        correct[fold] = examples
      }
      guard !correct.isEmpty else { continue }
      strategies.append(strategy)
      entrants.append(RaceTable.Entrant(name: "\(strategy)", correct: correct))
    }
    guard !entrants.isEmpty else { return nil }
    var count = 0
    let folds = sizes.map { size in
      defer { count += size ?? 0 }
      return Array(count..<count + (size ?? 0))
    }
    table = RaceTable(
      folds: folds, labels: Array(repeating: 0, count: count), entrants: entrants)
    self.strategies = strategies
    exampleCount = count
    runVariance = RunSpread.variance(of: table, entrants: Array(entrants.indices))
  }
}
