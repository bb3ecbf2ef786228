import Records
import TaskData
import Transfer

/// What the cells of a sweep work with: the pretrained model, the tasks, and what cells share.
struct Workbench: Sendable {
  private let model: PretrainedModel
  private let shelf: TaskShelf
  /// Shared by all cells.
  private let features: FeatureCache
  /// Networks trained on the target tasks themselves, where an arm transfers from there.
  private var ownModels: [TaskShelf.Key: PretrainedModel] = [:]

  /// How much memory cells may share, in bytes.
  struct Memory {
    /// Features of frozen layers that are kept for further cells.
    var features: Int
    /// Tasks that are kept for further cells.
    var tasks = 128 << 20
  }

  /// Checks the tasks of some cells of a plan, and makes those that are not there.
  ///
  /// - Parameters:
  ///   - jobs: how many tasks to read or make at once.
  ///   - announce: told what is being made, by any thread.
  ///   - isCancelled: asked before every task.
  /// - Throws: `CancellationError` once `isCancelled` says so, and `Failure` of a task that cannot
  ///   be read, is not of the images that the model was trained on, or is too small for the plan.
  init(
    plan: SweepPlan, cells: [CellKey], model: PretrainedModel, source: any TaskSource,
    memory: Memory, jobs: Int,
    announce: @Sendable (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    self.model = model
    features = FeatureCache(capacity: memory.features)
    shelf = try TaskShelf(
      cells: cells, model: model, source: source, capacity: memory.tasks, jobs: jobs,
      announce: announce, isCancelled: isCancelled)
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
    let (shelf, model, keys) = (shelf, model, shelf.keys)
    announce("Training a network on each of the \(keys.count) target tasks")
    let models = try concurrentMap(keys, jobs: jobs) { key in
      try model.retrained(on: try shelf.wholeTask(key), isCancelled: isCancelled)
    }
    ownModels = Dictionary(uniqueKeysWithValues: zip(keys, models))
  }

  /// Address space in which any cell finds place: programs, its examples, a task that is read, and
  /// what the allocator sets aside.
  private static let cellBytes = 128 << 20

  /// SHA-256 of each task's content, by name.
  var taskDigests: [String: String] { shelf.digests }

  /// Runs one cell on the calling thread.
  func measure(_ key: CellKey, isCancelled: () -> Bool) throws -> Measurement {
    try MemoryLimit.require(Self.cellBytes, attempt: "cannot run the cell")
    let task = try shelf.task(TaskShelf.Key(key))
    let arm = key.runArm
    guard let model = arm.source == .sameTask ? ownModels[TaskShelf.Key(key)] : model else {
      throw Failure(.failed, "cannot run the cell", because: "its task has no network of its own")
    }
    // The arm is not part of the seed: arms see the same examples in the same order.
    let seed = ContentDigest.seed("cell", task.name, "\(key.trainSize)")
    let train = task.train.selecting(Array(0..<key.trainSize))
    return try StrategyRun(arm: arm, model: model, seed: seed, features: features)
      .measure(train: train, test: task.test, isCancelled: isCancelled)
  }
}
