package import Records
import Synchronization

/// The finished runs of a sweep that is in progress or was interrupted: an append-only file beside
/// the output, in which the records of all reported runs survive a kill at any time.
///
/// The journal keeps in memory the positions of records in the file, not their content. While it is
/// open, it is locked against other processes. A journal without runs is removed when it is closed.
package final class ResultsJournal: Sendable {
  /// The journal of the results in a file.
  package static func path(of output: String) -> String { "\(output).journal" }

  package let path: String
  /// The SHA-256 of the file that the results will replace, as given when the journal was begun;
  /// empty if there was none.
  package let replaced: String
  /// The model name of the processor on which the journal was begun.
  package let processor: String?
  /// A description of the damage after the last whole record, which was cut off; `nil` if there was
  /// none.
  package let damage: String?

  private struct State {
    /// The end of the last whole record.
    var end: Int
    /// The position of each run's record, over the grid of the plan; 0 for runs without one.
    var places: [Int]
    var elapsed: Double
    /// Whether there is a run to keep the file for.
    var hasCells: Bool
    var isRemoved = false
  }

  private let file: JournalFile
  private let start: Int
  private let state: Mutex<State>

  /// Opens the journal of a sweep, or creates it.
  ///
  /// A torn or damaged record is cut off, with everything after it. Failed runs count as not
  /// finished, so that they are repeated.
  ///
  /// - Parameters:
  ///   - discard: whether to start over, whatever the journal holds.
  ///   - replaced: the SHA-256 of the file that the results will replace, recorded in a new
  ///     journal.
  ///   - processor: the processor's model name, recorded in a new journal.
  /// - Throws: `Failure` of kind `cannotCreate` if the journal belongs to a different sweep, is
  ///   open in another process, or is not a journal; `inputOutput` if reading or writing fails.
  package init(
    _ path: String, of identity: SweepIdentity, discard: Bool, replaced: String = "",
    processor: String? = nil, synchronization: JournalFile.Synchronization = .everyAppend
  ) throws {
    self.path = path
    file = try JournalFile(path, of: "sweep", synchronization: synchronization)
    let fresh = JournalHeader(identity: identity, processor: processor, replaced: replaced)
    let found = try JournalHeader.read(from: file)
    if case .foreign = found {
      throw Failure(
        .cannotCreate, JournalFile.attempt, on: path,
        because: "another file is in the journal's place",
        remedy: "Move it away, or choose another `output`.")
    }
    let header: JournalHeader
    switch found {
    case .whole(let kept, let end) where !discard:
      let differences = kept.identity.differences(to: identity)
      guard differences.isEmpty else {
        throw Self.refusal(
          path,
          because: "it belongs to a different sweep, with different "
            + differences.joined(separator: "; "),
          remedy: "To resume that sweep, use the settings that it was started with; or ")
      }
      (header, start) = (kept, end)
    case .damaged where !discard:
      throw Self.refusal(path, because: "its header is damaged")
    case .otherVersion(let version) where !discard:
      throw Self.refusal(
        path,
        because: "it was written by another version of tlbench (format \(version), but this "
          + "version has format \(JournalHeader.currentVersion))",
        remedy: "Resume the sweep with that version; or ")
    default:
      let bytes = try fresh.bytes()
      try file.truncate(to: 0)
      try file.append(bytes, at: 0)
      file.synchronizeFolder()
      (header, start) = (fresh, bytes.count)
    }
    self.replaced = header.replaced
    self.processor = header.processor
    let recovery = try JournalRecovery(file, from: start, placeCount: identity.plan.gridCount)
    if recovery.end < recovery.size { try file.truncate(to: recovery.end) }
    damage = recovery.damage
    state = Mutex(
      State(
        end: recovery.end, places: recovery.places, elapsed: recovery.elapsed,
        hasCells: recovery.end > start))
  }

  private static func refusal(
    _ path: String, because reason: String, remedy: String = ""
  ) -> Failure {
    Failure(
      .cannotCreate, JournalFile.attempt, on: path, because: reason,
      remedy: remedy + (remedy.isEmpty ? "Give" : "give")
        + " `overwrite` to discard the journal, or choose another `output`.")
  }

  /// Whether the journal holds a run, by its index in the plan's grid.
  package func has(_ cell: Int) -> Bool { state.withLock { $0.places[cell] > 0 } }

  /// How many runs the journal holds.
  package var cellCount: Int { state.withLock { $0.places.count { $0 > 0 } } }

  /// The elapsed time of the sweep when the last run was appended, in seconds, earlier sessions
  /// included.
  package var elapsed: Double { state.withLock { $0.elapsed } }

  /// Records a finished run; it is durable, by the journal's synchronization, when this returns.
  ///
  /// - Throws: `Failure` of kind `inputOutput` if writing fails; the runs appended before are kept.
  package func append(_ entry: JournalEntry) throws {
    let record = JournalRecord.bytes(of: entry.payload())
    try state.withLock { state in
      try file.append(record, at: state.end)
      state.places[entry.cell] = state.end
      state.end += record.count
      state.elapsed = max(state.elapsed, entry.elapsed)
      state.hasCells = true
    }
  }

  /// Reads the outcomes of all runs, over the grid of the plan; `nil` for runs without a record.
  ///
  /// - Throws: `Failure` of kind `inputOutput` if the file no longer holds the appended records.
  package func outcomes() throws -> [RunResult.Outcome?] {
    let (places, end) = state.withLock { ($0.places, $0.end) }
    var outcomes = [RunResult.Outcome?](repeating: nil, count: places.count)
    var scanner = JournalScanner(file, from: start, to: end)
    while scanner.position < end {
      let place = scanner.position
      guard case .whole(let payload) = try scanner.next(),
        let entry = JournalEntry(payload: payload), places.indices.contains(entry.cell)
      else {
        throw Failure(
          .inputOutput, "cannot read the journal", on: path,
          because: "the record at byte \(place) has changed since it was written")
      }
      if places[entry.cell] == place { outcomes[entry.cell] = entry.outcome }
    }
    return outcomes
  }

  /// Removes the file, once the results are saved elsewhere.
  package func remove() throws {
    try state.withLock { state in
      try file.remove()
      state.isRemoved = true
    }
    file.synchronizeFolder()
  }

  deinit {
    // An empty journal is removed; if that fails, the next sweep continues with it.
    let isEmpty = state.withLock { !$0.hasCells && !$0.isRemoved }
    if isEmpty { try? file.remove() }
  }
}
