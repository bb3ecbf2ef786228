/// One piece of a race: a strategy that is trained without one fold of a labelled set, and then
/// classifies that fold.
package struct RacePiece: Sendable, Hashable, Codable {
  /// The name of the strategy.
  package let strategy: String
  /// The number of the fold that is left out, from 0.
  package let fold: Int
  /// How many times fewer examples are trained on than the other folds have: 1 for all of them, 2
  /// for half, 4 for a quarter.
  package let divisor: Int

  package init(strategy: String, fold: Int, divisor: Int = 1) {
    self.strategy = strategy
    self.fold = fold
    self.divisor = divisor
  }
}

/// The results of a piece on the examples of its fold, in ascending order of the examples.
package struct PieceResult: Sendable, Hashable, Codable {
  /// Whether each example was classified correctly.
  package let correct: [Bool]
  /// The negative log-likelihood of each example, in nats; empty if the strategy has none.
  package let logLosses: [Double]
  /// Processor time of training and classification, in seconds.
  package let cpuSeconds: Double
  /// Elapsed time of training and classification, in seconds.
  package let wallSeconds: Double

  package init(
    correct: [Bool], logLosses: [Double] = [], cpuSeconds: Double = 0, wallSeconds: Double = 0
  ) {
    self.correct = correct
    self.logLosses = logLosses
    self.cpuSeconds = cpuSeconds
    self.wallSeconds = wallSeconds
  }
}

/// How a piece of a race ended.
package enum PieceOutcome: Sendable, Hashable, Codable {
  case completed(PieceResult)
  /// The strategy failed, for example because its training diverged; `reason` says why.
  case failed(reason: String)

  /// The results; `nil` if the piece failed.
  package var result: PieceResult? {
    if case .completed(let result) = self { result } else { nil }
  }
}
