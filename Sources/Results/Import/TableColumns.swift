/// The names of the columns of a table, by their content.
package struct TableColumns: Sendable, Hashable {
  /// The column of the number of labelled training examples.
  package var size: String
  /// The column of the strategy's name.
  package var strategy: String
  /// The column of the target task's name.
  package var task: String
  /// The column of the test accuracy; fields may be empty.
  package var accuracy: String
  /// The column of the task's similarity to the source in 0...1; fields may be empty.
  package var similarity: String?
  /// The column that distinguishes repetitions, such as a seed; rows of equal value are paired.
  package var replicate: String?
  /// The column of the training time in seconds; fields may be empty.
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

/// The unit of the accuracies of a table.
package enum AccuracyUnit: String, CaseIterable, Sendable {
  /// Fractions in 0...1.
  case share
  /// Percentages in 0...100.
  case percent

  /// The largest possible accuracy in this unit.
  var largest: Double {
    switch self {
    case .share: 1
    case .percent: 100
    }
  }
}
