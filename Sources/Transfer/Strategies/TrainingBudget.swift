/// How long a run trains: a function of the number of examples alone, the same for all strategies.
///
/// 50,000 examples are seen, but every one at least 8 and at most 100 times: 100 epochs for 100
/// examples, 50 for 1,000, 8 for 10,000. Strategies that train the head first spend a fraction of
/// the same epochs on it (default: a quarter).
package enum TrainingBudget {
  package static let batchSize = 32

  /// - Parameter trainSize: at least 1.
  package static func epochs(trainSize: Int) -> Int {
    min(max(50_000 / trainSize, 8), 100)
  }
}
