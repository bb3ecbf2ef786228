package import Records
import TaskData
package import Tensors
package import Transfer

/// Performs the runs of a sweep: holds the pretrained model, the tasks, and the caches that runs
/// share.
package struct RunExecutor: Sendable {
  private let model: PretrainedModel
  private let tasks: TaskCache
  /// The features of frozen layers, shared by all runs.
  private let features: FeatureCache
  /// How many networks to train at the same time, and the largest number of threads of a run.
  private let jobs: Int
  /// The threads that may help runs.
  private let idle: IdleThreads
  /// Whether measurements say which test examples were classified correctly.
  private let keepsExamples: Bool
  /// Networks trained on the target tasks themselves, if a strategy transfers from them.
  private var ownModels: [TaskKey: PretrainedModel] = [:]

  /// The sizes of the caches that runs share, in bytes.
  package struct Memory: Sendable {
    /// The size of the cache for features of frozen layers, in bytes.
    package var features: Int
    /// The size of the cache for tasks, in bytes (default: 128 MiB).
    package var tasks: Int

    package init(features: Int, tasks: Int = 128 << 20) {
      self.features = features
      self.tasks = tasks
    }
  }

  /// Checks the tasks of some runs, and makes those that do not exist.
  ///
  /// - Parameters:
  ///   - jobs: how many tasks to read or make at the same time, and at most how many threads work
  ///     on a run.
  ///   - keepsExamples: whether measurements say which test examples were classified correctly
  ///     (default: no).
  ///   - idle: the threads that may help runs (default: none).
  ///   - announce: receives a message for each task that is made, from any thread.
  ///   - isCancelled: checked before every task.
  ///   - observeFeatures: called while examples pass through frozen layers, with how many have
  ///     passed of how many, from any thread (default: nothing is done).
  /// - Throws: `CancellationError` once `isCancelled` returns `true`, and `Failure` for a task that
  ///   cannot be read, has images of another shape than the model was trained on, or is too small
  ///   for the runs.
  package init(
    runs: [RunKey], model: PretrainedModel, source: any TaskSource, memory: Memory, jobs: Int,
    keepsExamples: Bool = false, idle: IdleThreads = IdleThreads(0),
    announce: @Sendable (String) -> Void, isCancelled: @Sendable () -> Bool,
    observeFeatures: (@Sendable (Int, Int) -> Void)? = nil
  ) throws {
    self.model = model
    self.jobs = jobs
    self.idle = idle
    self.keepsExamples = keepsExamples
    features = FeatureCache(capacity: memory.features, observe: observeFeatures)
    tasks = try TaskCache(
      runs: runs, model: model, source: source, capacity: memory.tasks, jobs: jobs,
      announce: announce, isCancelled: isCancelled)
  }

  /// Trains one network per target task if the plan has a strategy that transfers from the task
  /// itself.
  ///
  /// As many networks as the executor has jobs are trained at the same time.
  ///
  /// - Parameters:
  ///   - announce: receives one message when training begins.
  ///   - isCancelled: checked during training.
  /// - Throws: `CancellationError` once `isCancelled` returns `true`.
  package mutating func trainOwnModels(
    for plan: SweepPlan, announce: (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    guard plan.arms.contains(where: { $0.source == .sameTask }) else { return }
    let (tasks, model, keys, jobs) = (tasks, model, tasks.keys, jobs)
    announce("Training a network on each of the \(keys.count) target tasks")
    let idle = IdleThreads(max(0, jobs - keys.count))
    let models = try concurrentMap(keys, jobs: jobs) { key in
      try model.retrained(
        on: try tasks.wholeTask(key), threads: Threads(atMost: jobs, idle: idle),
        isCancelled: isCancelled)
    }
    ownModels = Dictionary(uniqueKeysWithValues: zip(keys, models))
  }

  /// Address space that is enough for any run: its programs, its examples, a task being read, and
  /// the reserves of the allocator.
  private static let runBytes = 128 << 20

  /// The SHA-256 of each task's content, by task name.
  package var taskDigests: [String: String] { tasks.digests }

  /// How many tasks the cache for tasks holds at the same time, at least 1.
  package var tasksInMemory: Int { tasks.taskLimit }

  /// Performs one run on the calling thread and threads that are idle meanwhile.
  ///
  /// - Parameter isCancelled: checked before every batch of training and of the test, and before
  ///   every iteration of a solved head.
  /// - Throws: `CancellationError` once `isCancelled` returns `true`, and `Failure` if the run
  ///   fails.
  package func measure(_ key: RunKey, isCancelled: () -> Bool) throws -> Measurement {
    try MemoryLimit.require(Self.runBytes, attempt: "cannot perform the run")
    let task = try tasks.task(TaskKey(key))
    let arm = key.runArm
    guard let model = arm.source == .sameTask ? ownModels[TaskKey(key)] : model else {
      throw Failure(
        .failed, "cannot perform the run", because: "no network was trained on its task")
    }
    // The strategy is not part of the seed: all strategies see the same examples in the same order.
    let seed = ContentDigest.seed("cell", task.name, "\(key.trainSize)")
    let train = task.train.selecting(Array(0..<key.trainSize))
    let run = StrategyRun(
      arm: arm, model: model, seed: seed, features: features,
      threads: Threads(atMost: jobs, idle: idle))
    return try run.measure(
      train: train, test: task.test, keepsExamples: keepsExamples, isCancelled: isCancelled)
  }
}
