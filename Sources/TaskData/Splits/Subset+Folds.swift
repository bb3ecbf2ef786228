extension Subset {
  /// Splits examples into folds for a cross-validation, stratified by class.
  ///
  /// Folds have equally many examples, and equally many of each class, to within one. If a class
  /// has a single example, it is in no fold, so that every class can be trained on, whatever fold
  /// is left out.
  ///
  /// - Parameters:
  ///   - labels: one per example, each in 0..<classCount.
  ///   - count: the number of folds, at least 2.
  ///   - seed: decides which fold an example is in.
  /// - Returns: the examples of every fold, and those that are in none.
  package static func folds(
    labels: [Int32], classCount: Int, count: Int, seed: UInt64
  ) -> (folds: [[Int]], rest: [Int]) {
    precondition(count >= 2, "a cross-validation has at least two folds")
    let order = ordered(Array(labels.indices), labels, classCount, seed: seed)
    var folds = [[Int]](repeating: [], count: count)
    for (position, example) in order.filter({ $0.count > 1 }).joined().enumerated() {
      folds[position % count].append(example)
    }
    return (folds, order.filter { $0.count == 1 }.flatMap { $0 })
  }
}
