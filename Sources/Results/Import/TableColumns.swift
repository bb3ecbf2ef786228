/// Which columns of a table hold what.
package struct TableColumns: Sendable, Hashable {
  /// Number of labelled training examples.
  package var size: String
  /// The name of what was done.
  package var strategy: String
  /// The name of the target task.
  package var task: String
  package var accuracy: String
  /// Similarity of the task to the source in 0...1; fields may be empty.
  package var similarity: String?
  /// What tells repetitions apart, such as a seed; rows of equal value are paired.
  package var replicate: String?
  /// What training took, in seconds.
  package var cost: String?

  package init(
    size: String, strategy: String, task: String, accuracy: String, similarity: String? = nil,
    replicate: String? = nil, cost: String? = nil
  ) {
    self.size = size
    self.strategy = strategy
    self.task = task
    self.accuracy = accuracy
    self.similarity = similarity
    self.replicate = replicate
    self.cost = cost
  }
}

/// In which unit a table states accuracies.
package enum AccuracyUnit: String, CaseIterable, Sendable {
  /// In 0...1.
  case share
  /// In 0...100.
  case percent

  /// The largest accuracy there can be.
  var largest: Double {
    switch self {
    case .share: 1
    case .percent: 100
    }
  }
}
