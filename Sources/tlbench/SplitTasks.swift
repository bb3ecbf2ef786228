import Records
import TaskData

/// The tasks of a comparison on a user's labelled set: each replicate is another stratified split
/// of it into examples to train on and examples to test on.
struct SplitTasks: TaskSource {
  let dataset: LabeledDataset
  let path: String
  /// How many training examples each split has.
  let largestTrainSize: Int
  /// The number of test examples per training example.
  let testRatio: Double
  private let splits: Splits
  private let seed: UInt64

  /// - Throws: `Failure` for a share outside its range and for classes that are too small.
  init(
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

  var classCount: Int { dataset.train.classCount }

  /// One example of every class.
  var smallestTrainSize: Int { classCount }

  func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    dataset.task(splits.split(replicate), replicate: replicate)
  }

  /// Classes in proportion, and nested.
  func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] {
    try Subset.proportional(
      labels: task.train.labels, classCount: task.train.classCount, count: count,
      seed: ContentDigest.seed("subset", task.name, "\(seed)"))
  }

  func file(of name: String) -> String { path }
}
