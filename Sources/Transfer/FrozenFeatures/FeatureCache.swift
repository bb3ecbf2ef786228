import Synchronization
import Tensors

/// A cache of the output of frozen layers, shared by the runs of a sweep.
///
/// Each example passes the same frozen layers once, however many sizes, strategies, depths and
/// replicates need it. Nothing that a run reports depends on the content of the cache: values are
/// bit-identical to those that the run would have computed, and the cost of a pass is charged to
/// every run that uses it.
///
/// If the capacity is exceeded, entries with the lowest ratio of work to bytes are dropped first,
/// and over time the least recently used ones: GreedyDual-Size, P. Cao and S. Irani, "Cost-Aware
/// WWW Proxy Caching Algorithms", USENIX 1997.
package final class FeatureCache: Sendable {
  /// Identifies frozen layers and the set of examples that they are run on.
  struct Key: Hashable {
    /// Identifies the examples, as in ``LabeledImages/Origin``.
    let set: String
    /// SHA-256 of everything that determines the layers' output.
    let layers: String
  }

  private struct Record {
    let entry: FeatureEntry
    var bytes = 0
    /// The value of keeping the entry, on a scale that rises as entries are dropped.
    var priority = 0.0
  }

  private struct Directory {
    var records: [Key: Record] = [:]
    var bytes = 0
    var floor = 0.0
    var computedRows = 0
    var spent = Seconds()
  }

  /// The largest number of bytes that the cache keeps.
  package let capacity: Int
  private let directory = Mutex(Directory())

  private let observe: (@Sendable (_ count: Int, _ total: Int) -> Void)?

  /// - Parameters:
  ///   - capacity: the largest number of bytes of features to keep, at least 0; features that
  ///     active runs hold are not counted.
  ///   - observe: called while examples pass through frozen layers, with how many of how many have
  ///     passed, from the threads of the runs (default: nothing is done).
  package init(
    capacity: Int, observe: (@Sendable (_ count: Int, _ total: Int) -> Void)? = nil
  ) {
    self.capacity = capacity
    self.observe = observe
  }

  /// Tells how many of the examples of a pass have entered the frozen layers.
  func notePass(_ count: Int, of total: Int) { observe?(count, total) }

  /// The number of examples that have been passed through frozen layers so far.
  package var computedRows: Int { directory.withLock(\.computedRows) }

  /// Processor time spent in frozen layers so far, in seconds.
  package var computedSeconds: Double { directory.withLock(\.spent.cpu) }

  /// The number of bytes that the cache keeps now.
  package var bytes: Int { directory.withLock(\.bytes) }

  /// Returns the values of some rows of a set; missing ones are computed.
  ///
  /// Runs that need the same set and layers at the same time wait for each other.
  ///
  /// - Parameters:
  ///   - rows: the rows of the set.
  ///   - threads: the threads that run the layers.
  ///   - compute: runs the layers on the rows at the given positions in `rows`.
  func features(
    _ key: Key, rows: [Int], threads: Threads = .one,
    compute: (_ positions: [Int]) throws -> FrozenActivations
  ) throws -> SharedFeatures {
    let entry = directory.withLock { directory in
      if let record = directory.records[key] { return record.entry }
      let entry = FeatureEntry()
      directory.records[key] = Record(entry: entry)
      return entry
    }
    let (features, computed, spent) = try entry.features(
      rows: rows, threads: threads, compute: compute)
    directory.withLock { directory in
      directory.computedRows += computed
      directory.spent += spent
      // Another run may have caused the entry to be dropped meanwhile; then it is not kept.
      guard var record = directory.records[key], record.entry === entry else { return }
      directory.bytes += features.bytes - record.bytes
      record.bytes = features.bytes
      record.priority = directory.floor + features.flopsPerByte
      directory.records[key] = record
      while directory.bytes > capacity,
        let least = directory.records.min(by: { $0.value.priority < $1.value.priority })
      {
        directory.floor = max(directory.floor, least.value.priority)
        directory.bytes -= least.value.bytes
        directory.records[least.key] = nil
      }
    }
    return features
  }
}

/// Cached features that one training run uses.
struct SharedFeatures: Sendable {
  /// All features that the entry has, one slot per row.
  let pass: FrozenActivations
  /// The slot of each requested row.
  let slots: [Int]
  /// The time that the rows cost, less the time that this run spent on them itself.
  let charge: Seconds

  var bytes: Int { pass.valueBytes }
  /// The work that keeping a byte saves, up to a constant factor.
  let flopsPerByte: Double
}

/// The features of one set of examples, computed by one set of layers.
private final class FeatureEntry: Sendable {
  private struct State {
    var pass: FrozenActivations?
    var slots: [Int: Int] = [:]
    /// The time spent on all rows so far.
    var spent = Seconds()
  }

  private let state = Mutex(State())

  func features(
    rows: [Int], threads: Threads, compute: ([Int]) throws -> FrozenActivations
  ) throws -> (SharedFeatures, computed: Int, spent: Seconds) {
    let watch = Stopwatch(threads)
    return try state.withLock { state in
      var slots = state.slots
      var missing: [Int] = []
      for (position, row) in rows.enumerated() where slots[row] == nil {
        slots[row] = slots.count
        missing.append(position)
      }
      var pass = state.pass ?? FrozenActivations()
      var spent = Seconds()
      if !missing.isEmpty {
        let timer = Stopwatch(threads)
        state.pass = nil  // Avoids a copy when the values grow.
        defer { state.pass = pass }
        pass.append(try compute(missing))
        state.slots = slots
        spent = timer.seconds
        state.spent += spent
      }
      // Every row is charged the same, whichever run computed it.
      let share = Double(rows.count) / Double(max(slots.count, 1))
      let features = SharedFeatures(
        pass: pass, slots: rows.compactMap { slots[$0] },
        charge: state.spent * share - watch.seconds,
        flopsPerByte: pass.batchFlops * Double(slots.count) / Double(max(pass.valueBytes, 1)))
      return (features, missing.count, spent)
    }
  }
}
