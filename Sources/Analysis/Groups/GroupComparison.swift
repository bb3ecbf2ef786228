package import Records

/// Two strategies compared over the tasks of a published table, by group of tasks and train size.
///
/// A table usually has a single run per task, strategy and size. The tasks are then the only
/// replication, and intervals are Student's t over the tasks of a group.
package struct GroupComparison: Sendable, Hashable {
  package let first: Arm
  package let second: Arm
  /// The differences, first by group and then by train size.
  ///
  /// Groups are in the order of the table. All tasks together come last, unless there is only one
  /// group.
  package let differences: [GroupDifference]
  /// The confidence of the intervals.
  package let confidence: Double
  /// Whether the tasks have groups.
  package let hasGroups: Bool

  /// Compares two strategies.
  ///
  /// - Parameters:
  ///   - matrix: The results of an imported table, whose similarities are its tasks.
  ///   - groups: The group of each task by its label; empty if there are none.
  ///   - confidence: Strictly between 0 and 1.
  package init(
    _ first: Arm, minus second: Arm, in matrix: ResultsMatrix, groups: [String: String],
    confidence: Double = 0.95
  ) {
    self.first = first
    self.second = second
    self.confidence = confidence
    hasGroups = !groups.isEmpty
    var names: [String] = []
    for task in matrix.similarities {
      if let name = groups[task.label], !names.contains(name) { names.append(name) }
    }
    var choices: [String?] = names
    if names.count != 1 { choices.append(nil) }
    differences = choices.flatMap { group in
      matrix.trainSizes.compactMap { size in
        let cells = matrix.cells.filter { cell in
          cell.trainSize == size && (group == nil || groups[cell.similarity.label] == group)
        }
        let tasks = cells.compactMap { cell in
          cell.arm(named: first.name).flatMap { own in
            cell.arm(named: second.name).flatMap { TaskPair(own, $0) }
          }
        }
        return GroupDifference(tasks, group: group, trainSize: size, confidence: confidence)
      }
    }
  }
}
