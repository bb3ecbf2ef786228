package import Records
package import TaskData

/// The tasks of a comparison on a user's labelled set: each replicate is a different stratified
/// split of the set into training and test examples.
package struct SplitTasks: TaskSource {
  package let dataset: LabeledDataset
  package let path: String
  /// How many training examples each split has.
  package let largestTrainSize: Int
  /// The number of test examples per training example.
  package let testRatio: Double
  private let splits: Splits
  private let seed: UInt64

  /// - Throws: `Failure` for a `testShare` outside its range and for classes that are too small.
  package init(
    _ dataset: LabeledDataset, path: String, testShare: Double, seed: UInt64
  ) throws(Failure) {
    self.dataset = dataset
    self.path = path
    self.seed = seed
    splits = try dataset.splits(testShare: testShare, seed: seed)
    let first = splits.split(0)
    largestTrainSize = first.train.count
    testRatio = Double(first.test.count) / Double(first.train.count)
  }

  package var classCount: Int { dataset.train.classCount }

  /// The smallest possible train size: one example of every class.
  package var smallestTrainSize: Int { classCount }

  package func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    dataset.task(splits.split(replicate), replicate: replicate)
  }

  /// The order of training examples in nested subsets that keep class proportions.
  package func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] {
    try Subset.proportional(
      labels: task.train.labels, classCount: task.train.classCount, count: count,
      seed: ContentDigest.seed("subset", task.name, "\(seed)"))
  }

  package func file(of name: String) -> String { path }
}
