import Records
import Synchronization
import TaskData
import Transfer

/// The tasks of a plan, read from their files when a cell needs them; those used last stay.
///
/// libhdf5 does one thing at a time, so that a task is read under the lock of the shelf. Cells are
/// run task by task, which makes it rare.
final class TaskShelf: Sendable {
  struct Key: Hashable {
    let similarity: Similarity
    let replicate: Int

    init(similarity: Similarity, replicate: Int) {
      self.similarity = similarity
      self.replicate = replicate
    }

    init(_ cell: CellKey) {
      self.init(similarity: cell.similarity, replicate: cell.replicate)
    }
  }

  /// What the cells of one task work with.
  struct Task {
    let name: String
    /// The training examples that cells of the plan use: class-balanced and nested, so that the
    /// first n are the training set of size n.
    let train: LabeledImages
    let test: LabeledImages

    var bytes: Int { train.storageBytes + test.storageBytes }
  }

  private let source: any TaskSource
  private let model: PretrainedModel
  /// The largest number of training examples that a cell asks for.
  private let trainCounts: [Key: Int]
  /// Bytes of tasks to keep, in use or not.
  private let capacity: Int
  /// The least recently used first.
  private let tasks: Mutex<[(key: Key, task: Task)]>
  private let digestOfKey: [Key: String]

  /// SHA-256 of each task's content, by name.
  let digests: [String: String]

  /// Checks the tasks of some cells, and makes those that are not there.
  ///
  /// - Parameters:
  ///   - capacity: bytes of tasks to keep; what is dropped is read again when it is needed.
  ///   - jobs: how many tasks to read or make at once.
  ///   - announce: told what is being made, by any thread.
  ///   - isCancelled: asked before every task.
  /// - Throws: `CancellationError` once `isCancelled` says so, and `Failure` of a task that cannot
  ///   be read, is not of the images that the model was trained on, or is too small for the plan.
  init(
    cells: [CellKey], model: PretrainedModel, source: any TaskSource, capacity: Int, jobs: Int,
    announce: @Sendable (String) -> Void, isCancelled: @Sendable () -> Bool
  ) throws {
    self.source = source
    self.model = model
    self.capacity = capacity
    let trainCounts = Dictionary(grouping: cells, by: Key.init)
      .mapValues { cells in cells.reduce(0) { max($0, $1.trainSize) } }
    self.trainCounts = trainCounts
    var seen: Set<Key> = []
    let keys = cells.map(Key.init).filter { seen.insert($0).inserted }
    let tasks = Mutex<[(key: Key, task: Task)]>([])
    let checked = try concurrentMap(keys, jobs: jobs) { key in
      if isCancelled() { throw CancellationError() }
      let whole = try source.task(
        key.similarity, replicate: key.replicate, willMake: { announce("Generating \($0)") })
      let task = try Self.subsetted(
        whole, count: trainCounts[key] ?? 0, model: model, source: source)
      tasks.withLock { Self.put(task, key, into: &$0, capacity: capacity) }
      return (name: whole.name, digest: whole.digest)
    }
    self.tasks = Mutex(tasks.withLock { $0 })
    digests = Dictionary(checked.map { ($0.name, $0.digest) }, uniquingKeysWith: { $1 })
    digestOfKey = Dictionary(uniqueKeysWithValues: zip(keys, checked.map(\.digest)))
  }

  /// The keys of all tasks of the plan, in no order.
  var keys: [Key] { Array(digestOfKey.keys) }

  /// The task of a cell.
  ///
  /// - Throws: `Failure` where its file cannot be read any more or is not what it was.
  func task(_ key: Key) throws -> Task {
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
  func wholeTask(_ key: Key) throws -> TaskDataset {
    let task = try source.task(key.similarity, replicate: key.replicate) { _ in }
    guard task.digest == digestOfKey[key] else {
      throw Failure(
        .badData, "cannot use the dataset", on: source.file(of: task.name),
        because: "its content changed while the sweep ran", remedy: "Run the sweep again.")
    }
    return task
  }

  /// Adds a task, and drops those used longest ago where they are too many.
  private static func put(
    _ task: Task, _ key: Key, into tasks: inout [(key: Key, task: Task)], capacity: Int
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
        remedy: "Give weights for such images with --weights, or pretrain again.")
    }
    do {
      let order = try source.order(of: task, count: count)
      return Task(name: task.name, train: task.train.selecting(order), test: task.test)
    } catch {
      // Which file it is, only we know.
      throw Failure(
        error.kind, attempt, on: "\(file):/train/y", because: error.reason, remedy: error.remedy)
    }
  }
}
