import Records
import Synchronization
import TaskData
import Transfer

/// A cache of the tasks of a plan: tasks are read from their files when a run needs them, and the
/// most recently used stay in memory.
///
/// libhdf5 serves one call at a time, so a task is read under the lock of the cache. The order of
/// the runs takes ``taskLimit`` into account, which makes reading rare.
final class TaskCache: Sendable {
  /// The data of one task that runs use.
  struct Task {
    let name: String
    /// The training examples that runs of the plan use, nested: the first n are the training set of
    /// size n.
    let train: LabeledImages
    let test: LabeledImages

    var bytes: Int { train.storageBytes + test.storageBytes }
  }

  private let source: any TaskSource
  private let model: PretrainedModel
  /// The largest train size of any run, by task.
  private let trainCounts: [TaskKey: Int]
  /// The size of the cache in bytes, tasks in use included.
  private let capacity: Int
  /// The tasks in memory, the least recently used first.
  private let tasks: Mutex<[(key: TaskKey, task: Task)]>
  private let digestOfKey: [TaskKey: String]

  /// The SHA-256 of each task's content, by task name.
  let digests: [String: String]

  /// How many tasks the cache holds at the same time, at least 1.
  let taskLimit: Int

  /// Checks the tasks of some runs, and makes those that do not exist.
  ///
  /// If not all tasks fit, those of the lowest replicates stay in memory: their runs come first.
  ///
  /// - Parameters:
  ///   - capacity: the size of the cache in bytes; dropped tasks are read again when needed.
  ///   - jobs: how many tasks to read or make at the same time.
  ///   - announce: receives a message for each task that is made, from any thread.
  ///   - isCancelled: checked before every task.
  /// - Throws: `CancellationError` once `isCancelled` returns `true`, and `Failure` for a task that
  ///   cannot be read, has images of another shape than the model was trained on, or is too small
  ///   for the plan.
  init(
    runs: [RunKey], model: PretrainedModel, source: any TaskSource, capacity: Int, jobs: Int,
    announce: @Sendable (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    self.source = source
    self.model = model
    self.capacity = capacity
    let trainCounts = Dictionary(grouping: runs, by: TaskKey.init)
      .mapValues { runs in runs.reduce(0) { max($0, $1.trainSize) } }
    self.trainCounts = trainCounts
    var seen: Set<TaskKey> = []
    let keys = runs.map(TaskKey.init).filter { seen.insert($0).inserted }
      .sorted { $0.replicate < $1.replicate }
    let tasks = Mutex<[(key: TaskKey, task: Task)]>([])
    let checked = try concurrentMap(keys, jobs: jobs) { key in
      if isCancelled() { throw CancellationError() }
      let whole = try source.task(
        key.similarity, replicate: key.replicate, willMake: { announce("Generating \($0)") })
      let task = try Self.subsetted(
        whole, count: trainCounts[key] ?? 0, model: model, source: source)
      tasks.withLock { tasks in
        let bytes = tasks.reduce(task.bytes) { $0 + $1.task.bytes }
        if tasks.isEmpty || bytes <= capacity { tasks.append((key, task)) }
      }
      return (name: whole.name, digest: whole.digest, bytes: task.bytes)
    }
    self.tasks = Mutex(tasks.withLock { $0 })
    digests = Dictionary(checked.map { ($0.name, $0.digest) }, uniquingKeysWith: { $1 })
    digestOfKey = Dictionary(uniqueKeysWithValues: zip(keys, checked.map(\.digest)))
    taskLimit = max(1, capacity / max(1, checked.map(\.bytes).max() ?? 1))
  }

  /// The keys of all tasks of the plan, in no particular order.
  var keys: [TaskKey] { Array(digestOfKey.keys) }

  /// The task of a run.
  ///
  /// - Throws: `Failure` if its file can no longer be read or has changed.
  func task(_ key: TaskKey) throws -> Task {
    try tasks.withLock { tasks in
      if let index = tasks.firstIndex(where: { $0.key == key }) {
        let found = tasks.remove(at: index)
        tasks.append(found)
        return found.task
      }
      let whole = try wholeTask(key)
      let task = try Self.subsetted(
        whole, count: trainCounts[key] ?? 0, model: model, source: source)
      Self.put(task, key, into: &tasks, capacity: capacity)
      return task
    }
  }

  /// A task with all its training examples, read from its file.
  func wholeTask(_ key: TaskKey) throws -> TaskDataset {
    let task = try source.task(key.similarity, replicate: key.replicate) { _ in }
    guard task.digest == digestOfKey[key] else {
      throw Failure(
        .badData, "cannot use the dataset", on: source.file(of: task.name),
        because: "its content changed while the sweep was running",
        remedy: "Run the sweep again.")
    }
    return task
  }

  /// Adds a task, and drops the least recently used ones if the cache exceeds its capacity.
  private static func put(
    _ task: Task, _ key: TaskKey, into tasks: inout [(key: TaskKey, task: Task)], capacity: Int
  ) {
    tasks.append((key, task))
    var bytes = tasks.reduce(0) { $0 + $1.task.bytes }
    while bytes > capacity, tasks.count > 1 { bytes -= tasks.removeFirst().task.bytes }
  }

  private static func subsetted(
    _ task: TaskDataset, count: Int, model: PretrainedModel, source: any TaskSource
  ) throws(Failure) -> Task {
    let (attempt, file) = ("cannot use the dataset", source.file(of: task.name))
    guard task.train.shape == model.inputShape else {
      throw Failure(
        .badData, attempt, on: "\(file):/train/x",
        because: "its images are \(task.train.shape), the weights were trained on "
          + "\(model.inputShape) images",
        remedy: "Give weights for such images with `weights`, or pretrain again.")
    }
    do {
      let order = try source.order(of: task, count: count)
      return Task(name: task.name, train: task.train.selecting(order), test: task.test)
    } catch {
      // Adds the file, which the source does not know.
      throw Failure(
        error.kind, attempt, on: "\(file):/train/y", because: error.reason, remedy: error.remedy)
    }
  }
}
