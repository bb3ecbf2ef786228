/// What the texts of a table stand for, whatever its layout.
package struct TableValues: Sendable, Hashable {
  /// The unit of the accuracies.
  package var unit: AccuracyUnit
  /// The number of training examples of every run, for a table without sizes; `nil` if the table
  /// has sizes.
  package var sizeOfAll: Int?
  /// The numbers of training examples that words stand for, such as 50,000 for `full`; a word
  /// stands for the same number in every task.
  package var sizeWords: [String: Int]
  /// The group of each task by its name; empty if the table itself has groups, or has none.
  package var groups: [String: String]

  package init(
    unit: AccuracyUnit = .share, sizeOfAll: Int? = nil, sizeWords: [String: Int] = [:],
    groups: [String: String] = [:]
  ) {
    self.unit = unit
    self.sizeOfAll = sizeOfAll
    self.sizeWords = sizeWords
    self.groups = groups
  }
}
