import Synchronization

/// The output of frozen layers for the examples of tasks, shared by the runs of a sweep: each
/// example passes the same frozen layers once, whatever the number of sizes, arms, depths and
/// replicates that need it.
///
/// Nothing that a run reports depends on what is in the cache. Values are bit-equal to those that
/// the run would have computed, and the work of a pass is charged to every run that uses it.
///
/// What does not fit is dropped, lowest ratio of work to bytes first, and later what was used
/// longest ago: GreedyDual-Size, P. Cao and S. Irani, "Cost-Aware WWW Proxy Caching Algorithms",
/// USENIX 1997.
package final class FeatureCache: Sendable {
  /// Frozen layers and the set of examples that they are run on.
  struct Key: Hashable {
    /// Names the examples, as ``LabeledImages/Origin`` does.
    let set: String
    /// SHA-256 of everything that decides the layers' output.
    let layers: String
  }

  private struct Record {
    let entry: FeatureEntry
    var bytes = 0
    /// What the cache loses without the entry, on a scale that rises as entries are dropped.
    var priority = 0.0
  }

  private struct Directory {
    var records: [Key: Record] = [:]
    var bytes = 0
    var floor = 0.0
    var computedRows = 0
    var spent = Seconds()
  }

  /// Bytes that may be kept.
  package let capacity: Int
  private let directory = Mutex(Directory())

  /// - Parameter capacity: the most bytes of features to keep, at least 0. What running cells hold
  ///   comes on top.
  package init(capacity: Int) { self.capacity = capacity }

  /// How often an example has passed frozen layers so far.
  package var computedRows: Int { directory.withLock(\.computedRows) }

  /// Processor time that frozen layers have taken so far, in seconds.
  package var computedSeconds: Double { directory.withLock(\.spent.cpu) }

  /// Bytes that are kept now.
  package var bytes: Int { directory.withLock(\.bytes) }

  /// The values of some rows of a set, of which those that are not known yet are computed.
  ///
  /// Runs that want the same rows at the same time wait for each other.
  ///
  /// - Parameters:
  ///   - rows: of the set.
  ///   - compute: runs the layers on the rows at some positions in `rows`.
  func features(
    _ key: Key, rows: [Int], compute: (_ positions: [Int]) throws -> FrozenPass
  ) throws -> SharedFeatures {
    let entry = directory.withLock { directory in
      if let record = directory.records[key] { return record.entry }
      let entry = FeatureEntry()
      directory.records[key] = Record(entry: entry)
      return entry
    }
    let (features, computed, spent) = try entry.features(rows: rows, compute: compute)
    directory.withLock { directory in
      directory.computedRows += computed
      directory.spent += spent
      // Another run may have dropped it meanwhile; then it is not kept.
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

/// Features that a run has on loan.
struct SharedFeatures: Sendable {
  /// All that is known, one slot per row.
  let pass: FrozenPass
  /// The slot of each row that was asked for.
  let slots: [Int]
  /// What the rows cost, less what this run has spent on them itself.
  let charge: Seconds

  var bytes: Int { pass.valueBytes }
  /// The work that keeping a byte saves, up to a factor.
  let flopsPerByte: Double
}

/// The features of one set of examples behind one set of layers.
private final class FeatureEntry: Sendable {
  private struct State {
    var pass: FrozenPass?
    var slots: [Int: Int] = [:]
    /// Spent on all rows so far.
    var spent = Seconds()
  }

  private let state = Mutex(State())

  func features(
    rows: [Int], compute: ([Int]) throws -> FrozenPass
  ) throws -> (SharedFeatures, computed: Int, spent: Seconds) {
    let watch = Stopwatch()
    return try state.withLock { state in
      var slots = state.slots
      var missing: [Int] = []
      for (position, row) in rows.enumerated() where slots[row] == nil {
        slots[row] = slots.count
        missing.append(position)
      }
      var pass = state.pass ?? FrozenPass()
      var spent = Seconds()
      if !missing.isEmpty {
        let timer = Stopwatch()
        state.pass = nil  // So that the values grow in place.
        defer { state.pass = pass }
        pass.append(try compute(missing))
        state.slots = slots
        spent = timer.seconds
        state.spent += spent
      }
      // Every row costs the same, whoever had it computed.
      let share = Double(rows.count) / Double(max(slots.count, 1))
      let features = SharedFeatures(
        pass: pass, slots: rows.compactMap { slots[$0] },
        charge: state.spent * share - watch.seconds,
        flopsPerByte: pass.batchFlops * Double(slots.count) / Double(max(pass.valueBytes, 1)))
      return (features, missing.count, spent)
    }
  }
}
