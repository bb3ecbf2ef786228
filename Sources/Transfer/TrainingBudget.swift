/// How long a run trains: a function of the number of examples alone, the same for all arms.
///
/// Small sets are seen more often: epochs = 1000 / sqrt(n), at least 5 and at most 100, which is 100
/// for 100 examples, 32 for 1,000 and 10 for 10,000. Arms that train the head first spend a quarter
/// of the same epochs on it.
package enum TrainingBudget {
  package static let batchSize = 32

  /// - Parameter trainSize: at least 1.
  package static func epochs(trainSize: Int) -> Int {
    let epochs = (1000 / Double(trainSize).squareRoot()).rounded()
    return min(max(Int(epochs), 5), 100)
  }

  /// The epochs of a head-first phase, out of the same budget.
  package static func headEpochs(trainSize: Int) -> Int { (epochs(trainSize: trainSize) + 3) / 4 }
}
