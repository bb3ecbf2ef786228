package import Records
package import TaskData

/// A source of the tasks of a plan.
package protocol TaskSource: Sendable {
  /// The task of a similarity and a replicate.
  ///
  /// - Parameter willMake: called with the task's file if the task has to be made first.
  func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset

  /// Indices of training examples in the order in which nested subsets use them: the first n are
  /// the training set of size n.
  func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int]

  /// How many classes every task has.
  var classCount: Int { get }

  /// The path of a task's file, for error messages.
  func file(of name: String) -> String
}

extension TaskFolder: TaskSource {
  package var classCount: Int { settings.targetClasses }

  package func task(
    _ similarity: Similarity, replicate: Int, willMake: (String) -> Void
  ) throws -> TaskDataset {
    try target(similarity, replicate: replicate, willMake: willMake)
  }

  /// The order of training examples in nested, class-balanced subsets.
  package func order(of task: TaskDataset, count: Int) throws(Failure) -> [Int] {
    try Subset.balanced(
      labels: task.train.labels, classCount: task.train.classCount, count: count,
      seed: ContentDigest.seed("subset", task.name))
  }
}
