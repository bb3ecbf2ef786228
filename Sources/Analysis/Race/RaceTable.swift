/// Which examples every strategy of a race classified correctly while they were left out of its
/// training.
///
/// All strategies are tested on the same folds, so that two of them are compared example by
/// example. A strategy that was dropped has results for its first folds only.
package struct RaceTable: Sendable {
  /// The results of one strategy.
  package struct Entrant: Sendable, Hashable {
    package let name: String
    /// For every fold that the strategy has, whether each of its examples was correct, in the order
    /// of ``RaceTable/folds``.
    package let correct: [Int: [Bool]]

    package init(name: String, correct: [Int: [Bool]]) {
      self.name = name
      self.correct = correct
    }
  }

  /// The examples of every fold; no example is in two of them.
  package let folds: [[Int]]
  /// The class of every example.
  package let labels: [Int32]
  package let entrants: [Entrant]
  package let metric: RaceMetric
  /// The weight of every example in the metric; on average 1.
  let weights: [Double]

  /// - Parameters:
  ///   - metric: decides the weights of examples.
  /// - Precondition: every example of a fold has a label, and every entrant has a result for each
  ///   example of its folds.
  package init(
    folds: [[Int]], labels: [Int32], entrants: [Entrant], metric: RaceMetric = .accuracy
  ) {
    precondition(
      entrants.allSatisfy { $0.correct.allSatisfy { $1.count == folds[$0].count } },
      "a strategy has a result for each example of a fold")
    self.folds = folds
    self.labels = labels
    self.entrants = entrants
    self.metric = metric
    weights = metric.weights(labels: labels)
  }

  /// The folds that a strategy has, in ascending order.
  package func folds(of entrant: Int) -> [Int] { entrants[entrant].correct.keys.sorted() }

  /// The weighted results of a strategy on some folds: the weight of an example that was correct,
  /// and 0 for one that was not.
  ///
  /// - Precondition: the strategy has the folds.
  func scores(of entrant: Int, in folds: [Int]) -> [Double] {
    folds.flatMap { fold in
      zip(entrants[entrant].correct[fold] ?? [], self.folds[fold]).map { $0 ? weights[$1] : 0 }
    }
  }

  /// The metric of a strategy on all folds that it has, 0...1; `nil` without a fold.
  package func mean(of entrant: Int) -> Double? {
    Statistics.mean(scores(of: entrant, in: folds(of: entrant)))
  }

  /// The sample covariance (over n − 1) of the scores of some strategies over the examples of all
  /// folds that each of them has.
  ///
  /// - Precondition: the strategies have a fold in common.
  func covariance(of some: [Int]) -> [[Double]] {
    let common = folds.indices.filter { fold in
      some.allSatisfy { entrants[$0].correct[fold] != nil }
    }
    let centered = some.map { entrant in
      let scores = scores(of: entrant, in: common)
      let mean = scores.reduce(0, +) / Double(scores.count)
      return scores.map { $0 - mean }
    }
    let degrees = Double(max(1, centered[0].count - 1))
    return centered.map { first in
      centered.map { second in
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / degrees
      }
    }
  }

  /// The fraction of examples on which one of two strategies was right and the other was wrong, on
  /// the folds that both have; `nil` if there is none.
  package func disagreement(_ first: Int, _ second: Int) -> Double? {
    let common = folds(of: first).filter { entrants[second].correct[$0] != nil }
    let pairs = common.flatMap { fold in
      zip(entrants[first].correct[fold] ?? [], entrants[second].correct[fold] ?? [])
    }
    guard !pairs.isEmpty else { return nil }
    return Double(pairs.count { $0.0 != $0.1 }) / Double(pairs.count)
  }
}

/// What a race maximizes.
package enum RaceMetric: String, CaseIterable, Sendable, Codable {
  /// The fraction of examples classified correctly.
  case accuracy
  /// The mean over classes of the fraction of a class's examples classified correctly.
  case balancedAccuracy = "balanced-accuracy"

  /// The weight of every example: 1, or for balanced accuracy the number of examples divided by
  /// the number of classes and the size of the example's class.
  package func weights(labels: [Int32]) -> [Double] {
    guard self == .balancedAccuracy else { return Array(repeating: 1, count: labels.count) }
    let counts = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
    return labels.map { Double(labels.count) / Double(counts.count * (counts[$0] ?? 1)) }
  }
}
