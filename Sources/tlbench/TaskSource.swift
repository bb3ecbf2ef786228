import Records
import TaskData

/// Where the tasks of a plan come from.
protocol TaskSource: Sendable {
  /// The task of a similarity and a replicate.
  ///
  /// - Parameter willMake: told of what has to be made first.
  func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset

  /// The training examples that subsets are made of: the first n are the training set of size n.
  func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int]

  /// How many classes every task has.
  var classCount: Int { get }

  /// What errors call the file of a task.
  func file(of name: String) -> String
}

extension TaskFolder: TaskSource {
  var classCount: Int { settings.targetClasses }

  func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    try target(similarity, replicate: replicate, willMake: willMake)
  }

  /// Class-balanced and nested.
  func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] {
    try Subset.balanced(
      labels: task.train.labels, classCount: task.train.classCount, count: count,
      seed: ContentDigest.seed("subset", task.name))
  }
}
