/// The difference in accuracy between two strategies, over the tasks of one group at one train
/// size.
package struct GroupDifference: Sendable, Hashable {
  /// The name of the group; `nil` for all tasks.
  package let group: String?
  /// The number of labelled training examples.
  package let trainSize: Int
  /// The mean accuracy of the first strategy over the tasks, 0...1.
  package let firstAccuracy: Double
  /// The mean accuracy of the second strategy over the tasks, 0...1.
  package let secondAccuracy: Double
  /// The mean over the tasks of the first accuracy minus the second one, in points.
  package let points: Double
  /// The Student-t interval of the mean over the tasks, in points; `nil` for a single task.
  ///
  /// The tasks are the replication: the interval is about other tasks of the same kind, not about
  /// new runs on these.
  package let interval: ConfidenceInterval?
  /// The number of tasks that have both strategies.
  package let taskCount: Int

  /// Summarizes tasks; `nil` without any.
  init?(_ tasks: [TaskPair], group: String?, trainSize: Int, confidence: Double) {
    let differences = PairedDifferences(tasks.map { ($0.first - $0.second) * 100 })
    guard let points = differences.mean,
      let first = Statistics.mean(tasks.map(\.first)),
      let second = Statistics.mean(tasks.map(\.second))
    else { return nil }
    self.group = group
    self.trainSize = trainSize
    firstAccuracy = first
    secondAccuracy = second
    self.points = points
    interval = differences.interval(confidence: confidence)?.clipped(to: .difference)
    taskCount = tasks.count
  }
}

/// The accuracies of two strategies on one task, each the mean over the replicates that both have.
struct TaskPair {
  let first, second: Double

  /// The pair of two summaries of one place; `nil` if they have no replicate in common.
  init?(_ first: ArmSummary, _ second: ArmSummary) {
    let pairs = zip(first.accuracies, second.accuracies).compactMap { first, second in
      first.flatMap { first in second.map { (first, $0) } }
    }
    guard let own = Statistics.mean(pairs.map(\.0)), let other = Statistics.mean(pairs.map(\.1))
    else { return nil }
    self.first = own
    self.second = other
  }
}
