import Dispatch
import Records
import Synchronization
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
  /// Shared by all cells.
  private let features: FeatureCache
  private let tasks: [TaskKey: Subsetted]
  /// Networks trained on the target tasks themselves, where an arm transfers from there.
  private var ownModels: [TaskKey: PretrainedModel] = [:]

  /// Loads the tasks of a plan, making those that are not there.
  ///
  /// - Parameters:
  ///   - featureBytes: the most bytes of frozen layers' features to keep for further cells.
  ///   - announce: told what is being made.
  ///   - isCancelled: asked before every task.
  /// - Throws: `CancellationError` once `isCancelled` says so, and `Failure` of a task that cannot
  ///   be read, is not of the images that the model was trained on, or is too small for the plan.
  init(
    plan: SweepPlan, model: PretrainedModel, folder: TaskFolder, featureBytes: Int,
    announce: (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    features = FeatureCache(capacity: featureBytes)
    self.model = model
    var tasks: [TaskKey: Subsetted] = [:]
    let largest = plan.trainSizes.max() ?? 0
    for similarity in plan.similarities {
      for replicate in 0..<plan.replicates {
        if isCancelled() { throw CancellationError() }
        let task = try folder.target(
          similarity, replicate: replicate, willMake: { announce("Generating \($0)") })
        tasks[TaskKey(similarity: similarity, replicate: replicate)] = try Self.subsetted(
          task, count: largest, model: model, file: folder.file(of: task.name))
      }
    }
    self.tasks = tasks
  }

  /// Trains the networks that arms of a plan transfer from the tasks themselves.
  ///
  /// - Parameters:
  ///   - jobs: how many to train at once.
  ///   - announce: told what is being trained.
  ///   - isCancelled: asked while they are trained.
  /// - Throws: `CancellationError` once `isCancelled` says so.
  mutating func trainOwnModels(
    for plan: SweepPlan, jobs: Int, announce: (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    guard plan.arms.contains(where: { $0.source == .sameTask }) else { return }
    announce("Training a network on each of the \(tasks.count) target tasks")
    ownModels = try Self.trained(
      on: tasks.mapValues(\.task), like: model, jobs: jobs, isCancelled: isCancelled)
  }

  /// A network for each task, trained from scratch on all its training examples.
  private static func trained(
    on tasks: [TaskKey: TaskDataset], like model: PretrainedModel, jobs: Int,
    isCancelled: @Sendable () -> Bool
  ) throws -> [TaskKey: PretrainedModel] {
    let keys = Array(tasks.keys)
    let next = Mutex(0)
    let results = Mutex<[TaskKey: Result<PretrainedModel, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: min(jobs, keys.count)) { _ in
      while let index = next.withLock({ index -> Int? in
        defer { index += 1 }
        return index < keys.count ? index : nil
      }) {
        guard let task = tasks[keys[index]] else { continue }
        let result = Result { try model.retrained(on: task, isCancelled: isCancelled) }
        results.withLock { $0[keys[index]] = result }
      }
    }
    return try results.withLock { try $0.mapValues { try $0.get() } }
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
    StrategyRun(arm: arm(of: key), model: model, seed: 0)
      .estimatedCost(trainSize: key.trainSize)
  }

  /// Runs one cell on the calling thread.
  func measure(_ key: CellKey, isCancelled: () -> Bool) throws -> Measurement {
    let taskKey = TaskKey(similarity: key.similarity, replicate: key.replicate)
    let arm = arm(of: key)
    guard let entry = tasks[taskKey],
      let model = arm.source == .sameTask ? ownModels[taskKey] : model
    else {
      throw Failure(.failed, "cannot run the cell", because: "its task was not loaded")
    }
    // The arm is not part of the seed: arms see the same examples in the same order.
    let seed = ContentDigest.seed("cell", entry.task.name, "\(key.trainSize)")
    let train = entry.task.train.selecting(Array(entry.order.prefix(key.trainSize)))
    return try StrategyRun(arm: arm, model: model, seed: seed, features: features)
      .measure(train: train, test: entry.task.test, isCancelled: isCancelled)
  }

  private func arm(of key: CellKey) -> Arm { key.depth.map(key.arm.atDepth) ?? key.arm }
}
