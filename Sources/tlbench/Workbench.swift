import Records
import TaskData
import Transfer

/// What the cells of a sweep work with: the pretrained model and all tasks, loaded once before the
/// parallel part, since libhdf5 does one thing at a time.
struct Workbench: Sendable {
  private struct TaskKey: Hashable {
    let similarity: Similarity
    let replicate: Int
  }

  private struct Subsetted: Sendable {
    let task: TaskDataset
    /// Class-balanced and nested: the first n are the training set of size n.
    let order: [Int]
  }

  private let model: PretrainedModel
  private let tasks: [TaskKey: Subsetted]

  /// Loads the tasks of a plan, making those that are not there.
  init(
    plan: SweepPlan, model: PretrainedModel, folder: TaskFolder, willMake: (String) -> Void
  ) throws {
    self.model = model
    var tasks: [TaskKey: Subsetted] = [:]
    let largest = plan.trainSizes.max() ?? 0
    for similarity in plan.similarities {
      for replicate in 0..<plan.replicates {
        let task = try folder.target(similarity, replicate: replicate, willMake: willMake)
        let order = try Subset.balanced(
          labels: task.train.labels, classCount: task.train.classCount, count: largest,
          seed: ContentDigest.seed("subset", task.name))
        tasks[TaskKey(similarity: similarity, replicate: replicate)] = Subsetted(
          task: task, order: order)
      }
    }
    self.tasks = tasks
  }

  /// SHA-256 of each task's content, by name.
  var taskDigests: [String: String] {
    Dictionary(uniqueKeysWithValues: tasks.values.map { ($0.task.name, $0.task.digest) })
  }

  /// A guess at the work of a cell.
  func cost(of key: CellKey) -> Double {
    StrategyRun(arm: key.arm, model: model, seed: 0).estimatedCost(trainSize: key.trainSize)
  }

  /// Runs one cell on the calling thread.
  func measure(_ key: CellKey, isCancelled: () -> Bool) throws -> Measurement {
    guard let entry = tasks[TaskKey(similarity: key.similarity, replicate: key.replicate)] else {
      throw Failure(.failed, "cannot run the cell", because: "its task was not loaded")
    }
    // The arm is not part of the seed: arms see the same examples in the same order.
    let seed = ContentDigest.seed("cell", entry.task.name, "\(key.trainSize)")
    let train = entry.task.train.selecting(Array(entry.order.prefix(key.trainSize)))
    return try StrategyRun(arm: key.arm, model: model, seed: seed)
      .measure(train: train, test: entry.task.test, isCancelled: isCancelled)
  }
}
