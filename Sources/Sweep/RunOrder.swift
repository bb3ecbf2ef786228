package import Records

/// The order in which the runs of a sweep start.
///
/// If runs of several replicates wait, those of replicate 0 come first, the smallest train size
/// first, so that a table of one replicate is complete early. The other runs follow in groups of
/// tasks, the most expensive first in each group, so that cheap runs fill the end of the sweep. The
/// order changes no result.
package struct RunOrder: Sendable {
  private let runs: [RunKey]
  private let costs: [Double]

  /// - Parameters:
  ///   - runs: The runs that wait.
  ///   - costs: The expected duration of each run, in any unit, finite and at least 0.
  package init(_ runs: [RunKey], costs: [Double]) {
    self.runs = runs
    self.costs = costs
  }

  /// The indices of the runs, that of the first to start first.
  ///
  /// After replicate 0, a group has at most as many tasks as there are workers: larger groups would
  /// not end the sweep earlier, and runs that share data would be farther apart.
  ///
  /// - Parameters:
  ///   - jobs: How many runs are performed at the same time.
  ///   - tasksInMemory: How many tasks memory holds at the same time. A group has no more tasks, so
  ///     that each is read once per group.
  package func indices(jobs: Int, tasksInMemory: Int) -> [Int] {
    let first = runs.indices.filter { runs[$0].replicate == 0 }
    let others = runs.indices.filter { runs[$0].replicate > 0 }
    let groupSize = min(jobs, tasksInMemory)
    // With only one replicate, no table is complete before the end.
    guard !first.isEmpty, !others.isEmpty else {
      return grouped(Array(runs.indices), groupSize: groupSize)
    }
    let bySize = Dictionary(grouping: first) { runs[$0].trainSize }.sorted { $0.key < $1.key }
    return bySize.flatMap { grouped($0.value, groupSize: tasksInMemory) }
      + grouped(others, groupSize: groupSize)
  }

  /// Runs in groups with almost equal numbers of tasks, the most expensive first in each group.
  ///
  /// Tasks of lower replicates come first, and in a replicate the task with the most expensive run.
  private func grouped(_ indices: [Int], groupSize: Int) -> [Int] {
    let tasks = Dictionary(grouping: indices) { TaskKey(runs[$0]) }.values
      .map { mostExpensiveFirst($0) }
      .sorted { left, right in
        let (one, other) = (left[0], right[0])
        return (runs[one].replicate, costs[other], one)
          < (runs[other].replicate, costs[one], other)
      }
    let largest = max(1, min(groupSize, tasks.count))
    let groupCount = (tasks.count + largest - 1) / largest
    return (0..<groupCount).flatMap { group in
      let range = tasks.count * group / groupCount..<tasks.count * (group + 1) / groupCount
      return mostExpensiveFirst(tasks[range].flatMap { $0 })
    }
  }

  /// Runs in descending order of their costs; ties are broken by the order of the plan.
  private func mostExpensiveFirst(_ indices: [Int]) -> [Int] {
    indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
  }
}

extension RunOrder {
  /// Whether the tasks of replicate 0 are read again for every train size, because memory does not
  /// hold all of them.
  package static func rereadsTasks(of runs: [RunKey], tasksInMemory: Int) -> Bool {
    let first = runs.filter { $0.replicate == 0 }
    return first.count < runs.count && Set(first.map(\.trainSize)).count > 1
      && Set(first.map { TaskKey($0) }).count > tasksInMemory
  }
}
