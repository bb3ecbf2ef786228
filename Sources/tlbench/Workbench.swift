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
  ///
  /// - Parameter isCancelled: asked before every task.
  /// - Throws: `CancellationError` once `isCancelled` says so, and `Failure` of a task that cannot
  ///   be read, is not of the images that the model was trained on, or is too small for the plan.
  init(
    plan: SweepPlan, model: PretrainedModel, folder: TaskFolder, willMake: (String) -> Void,
    isCancelled: () -> Bool
  ) throws {
    self.model = model
    var tasks: [TaskKey: Subsetted] = [:]
    let largest = plan.trainSizes.max() ?? 0
    for similarity in plan.similarities {
      for replicate in 0..<plan.replicates {
        if isCancelled() { throw CancellationError() }
        let task = try folder.target(similarity, replicate: replicate, willMake: willMake)
        tasks[TaskKey(similarity: similarity, replicate: replicate)] = try Self.subsetted(
          task, count: largest, model: model, file: folder.file(of: task.name))
      }
    }
    self.tasks = tasks
  }

  private static func subsetted(
    _ task: TaskDataset, count: Int, model: PretrainedModel, file: String
  ) throws(Failure) -> Subsetted {
    let attempt = "cannot use the dataset"
    guard task.train.shape == model.inputShape else {
      throw Failure(
        .badData, attempt, on: "\(file):/train/x",
        because: "its images are \(task.train.shape), the weights were trained on "
          + "\(model.inputShape) images",
        remedy: "Give weights for such images with --weights, or pretrain again.")
    }
    do {
      let order = try Subset.balanced(
        labels: task.train.labels, classCount: task.train.classCount, count: count,
        seed: ContentDigest.seed("subset", task.name))
      return Subsetted(task: task, order: order)
    } catch {
      // Which file it is, only we know.
      throw Failure(
        error.kind, attempt, on: "\(file):/train/y", because: error.reason, remedy: error.remedy)
    }
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
