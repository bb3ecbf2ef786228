/// The names of the columns of a long table, which has one row per run, by their content.
package struct TableColumns: Sendable, Hashable {
  /// The column of the number of labelled training examples; `nil` if the table has no sizes.
  package var size: String?
  /// The column of the strategy's name.
  package var strategy: String
  /// The columns that name the target task; several names are joined by spaces.
  package var task: [String]
  /// The column of the test accuracy; fields may be empty.
  package var accuracy: String
  /// The column of the task's similarity to the source in 0...1; fields may be empty.
  package var similarity: String?
  /// The column that distinguishes repetitions, such as a seed; rows of equal value are paired.
  package var replicate: String?
  /// The column of the training time in seconds; fields may be empty.
  package var cost: String?
  /// The column of the task's group.
  package var group: String?

  package init(
    size: String?, strategy: String, task: [String], accuracy: String, similarity: String? = nil,
    replicate: String? = nil, cost: String? = nil, group: String? = nil
  ) {
    self.size = size
    self.strategy = strategy
    self.task = task
    self.accuracy = accuracy
    self.similarity = similarity
    self.replicate = replicate
    self.cost = cost
    self.group = group
  }

  /// Whether every column occurs exactly once among the column names of a table.
  func fit(_ header: [String]) -> Bool {
    let names = [strategy, accuracy] + task
    let optional = [size, similarity, replicate, cost, group].compactMap { $0 }
    return (names + optional).allSatisfy { name in header.count(where: { $0 == name }) == 1 }
  }
}
