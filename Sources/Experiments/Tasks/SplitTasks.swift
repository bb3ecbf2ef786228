package import Records
package import TaskData

/// The tasks of a comparison on a user's labelled set: each replicate is a different stratified
/// split of the set into training and test examples, or leaves out a different fold of it.
package struct SplitTasks: TaskSource {
  package let dataset: LabeledDataset
  package let path: String
  /// How many training examples each split has at least.
  package let largestTrainSize: Int
  /// The number of test examples per training example.
  package let testRatio: Double
  private let split: @Sendable (Int) -> Splits.Split
  private let seed: UInt64

  /// - Throws: `Failure` for a `testShare` outside its range and for classes that are too small.
  package init(
    _ dataset: LabeledDataset, path: String, testShare: Double, seed: UInt64
  ) throws(Failure) {
    let splits = try dataset.splits(testShare: testShare, seed: seed)
    self.init(dataset, path: path, seed: seed, of: 1) { splits.split($0) }
  }

  /// The tasks of a cross-validation: there are as many replicates as folds, and every example is
  /// in the test set of one of them.
  ///
  /// - Parameter count: the number of folds, at least 2.
  /// - Throws: `Failure` for more folds than examples and for classes that are too small.
  package init(
    _ dataset: LabeledDataset, path: String, folds count: Int, seed: UInt64
  ) throws(Failure) {
    let folds = try Folds(
      labels: dataset.train.labels, classNames: dataset.train.classNames, count: count, seed: seed)
    guard folds.parts.count == count else {
      throw Failure(
        .usage, "cannot split the dataset into folds",
        because: "\(count) folds are more than the \(dataset.train.count) examples",
        remedy: "Give fewer `folds`.")
    }
    self.init(dataset, path: path, seed: seed, of: count) { folds.split($0) }
  }

  /// - Parameter count: how many splits differ in size.
  private init(
    _ dataset: LabeledDataset, path: String, seed: UInt64, of count: Int,
    split: @escaping @Sendable (Int) -> Splits.Split
  ) {
    self.dataset = dataset
    self.path = path
    self.seed = seed
    self.split = split
    largestTrainSize = (0..<count).map { split($0).train.count }.min() ?? 0
    let first = split(0)
    testRatio = Double(first.test.count) / Double(first.train.count)
  }

  package var classCount: Int { dataset.train.classCount }

  /// The smallest possible train size: one example of every class.
  package var smallestTrainSize: Int { classCount }

  package func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    dataset.task(split(replicate), replicate: replicate)
  }

  /// The order of training examples in nested subsets that keep class proportions.
  package func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] {
    try Subset.proportional(
      labels: task.train.labels, classCount: task.train.classCount, count: count,
      seed: ContentDigest.seed("subset", task.name, "\(seed)"))
  }

  package func file(of name: String) -> String { path }
}
