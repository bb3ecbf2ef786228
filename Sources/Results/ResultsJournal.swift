package import Records
import Synchronization

/// The finished cells of a sweep that is under way or was cut short: an append-only file beside the
/// output, of which a kill at any time leaves the records of all reported cells.
///
/// It keeps in memory where each cell lies in the file, not what it holds. A journal that is open is
/// locked against other processes. One without cells disappears when it is closed.
package final class ResultsJournal: Sendable {
  static let attempt = "cannot keep the journal"

  /// The journal of the results in a file.
  package static func path(of output: String) -> String { "\(output).journal" }

  /// Whether an append waits for the disk.
  package enum Synchronization: Sendable {
    /// A cell that is reported survives a loss of power.
    case everyAppend
    /// A cell that is reported survives the end of the process, however it comes.
    case none
  }

  package let path: String
  /// SHA-256 of the file that the results are to replace, as given when the journal was begun;
  /// empty for none.
  package let replaced: String
  /// The model name of the processor on which the journal was begun.
  package let processor: String
  /// What was found behind the last whole record and cut off, in words; `nil` for nothing.
  package let damage: String?

  private struct State {
    /// Where whole records end.
    var end: Int
    /// Where the record of each cell begins, over the grid of the plan; 0 for cells without.
    var places: [Int]
    var elapsed: Double
    /// Whether there is a cell to keep the file for.
    var hasCells: Bool
    var isRemoved = false
  }

  private let file: JournalFile
  private let start: Int
  private let state: Mutex<State>

  /// Opens the journal of a sweep, or begins it.
  ///
  /// What was torn or damaged is cut off, with everything behind it. Cells that failed count as not
  /// run.
  ///
  /// - Parameters:
  ///   - discard: whether to begin anew, whatever the journal holds.
  ///   - replaced: SHA-256 of the file that the results are to replace, kept in a new journal.
  ///   - processor: the processor's model name, kept in a new journal.
  /// - Throws: `Failure` of kind `cannotCreate` where the journal is of another sweep, open in
  ///   another process, or not a journal; `inputOutput` where reading or writing fails.
  package init(
    _ path: String, of identity: SweepIdentity, discard: Bool, replaced: String = "",
    processor: String = "", synchronization: Synchronization = .everyAppend
  ) throws {
    self.path = path
    file = try JournalFile(path, synchronization: synchronization)
    let fresh = JournalHeader(identity: identity, processor: processor, replaced: replaced)
    let found = try JournalHeader.read(from: file)
    if case .foreign = found {
      throw Failure(
        .cannotCreate, Self.attempt, on: path, because: "a file that is no journal is in its place",
        remedy: "Move it away, or choose another --output.")
    }
    let header: JournalHeader
    switch found {
    case .whole(let kept, let end) where !discard:
      let differences = kept.identity.differences(to: identity)
      guard differences.isEmpty else {
        throw Self.refusal(
          path,
          because: "it is of another sweep, with other \(differences.joined(separator: "; "))",
          remedy: "To go on with that one, give what it was begun with; or ")
      }
      (header, start) = (kept, end)
    case .damaged where !discard:
      throw Self.refusal(path, because: "its header is damaged")
    case .otherVersion(let version) where !discard:
      throw Self.refusal(
        path,
        because: "it was begun by another version of tlbench (format \(version); this one has "
          + "\(JournalHeader.currentVersion))",
        remedy: "Go on with the version of tlbench that began it; or ")
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
      .cannotCreate, attempt, on: path, because: reason,
      remedy: remedy + (remedy.isEmpty ? "Give" : "give")
        + " --overwrite to discard it, or choose another --output.")
  }

  /// Whether the journal holds a cell, by its place in the plan's grid.
  package func has(_ cell: Int) -> Bool { state.withLock { $0.places[cell] > 0 } }

  /// How many cells the journal holds.
  package var cellCount: Int { state.withLock { $0.places.count { $0 > 0 } } }

  /// Seconds that the sweep had taken when the last cell was appended, all its runs together.
  package var elapsed: Double { state.withLock { $0.elapsed } }

  /// Writes a finished cell down; it is on the disk when this returns.
  ///
  /// - Throws: `Failure` of kind `inputOutput` where that cannot be done; the cells appended before
  ///   stay.
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

  /// Reads the cells back, over the grid of the plan; `nil` where there is none.
  ///
  /// - Throws: `Failure` of kind `inputOutput` where the file does not hold what was appended.
  package func outcomes() throws -> [CellResult.Outcome?] {
    let (places, end) = state.withLock { ($0.places, $0.end) }
    var outcomes = [CellResult.Outcome?](repeating: nil, count: places.count)
    var scanner = JournalScanner(file, from: start, to: end)
    while scanner.position < end {
      let place = scanner.position
      guard case .whole(let payload) = try scanner.next(),
        let entry = JournalEntry(payload: payload), places.indices.contains(entry.cell)
      else {
        throw Failure(
          .inputOutput, "cannot read the journal", on: path,
          because: "the record at byte \(place) is no longer what was written")
      }
      if places[entry.cell] == place { outcomes[entry.cell] = entry.outcome }
    }
    return outcomes
  }

  /// Removes the file: the results are complete elsewhere.
  package func remove() throws {
    try state.withLock { state in
      try file.remove()
      state.isRemoved = true
    }
    file.synchronizeFolder()
  }

  deinit {
    // Nothing to keep; where it cannot be removed, the next sweep goes on with it.
    let isEmpty = state.withLock { !$0.hasCells && !$0.isRemoved }
    if isEmpty { try? file.remove() }
  }
}
