import Foundation
package import Records
import Synchronization

/// The finished cells of a sweep that is under way or was cut short: an append-only file beside the
/// output, of which a kill at any time leaves the records of all reported cells.
///
/// A journal that is open is locked against other processes. One without cells disappears when it
/// is closed.
package final class ResultsJournal: Sendable {
  static let attempt = "cannot keep the journal"

  /// The journal of the results in a file.
  package static func path(of output: String) -> String { "\(output).journal" }

  /// A SHA-256 of everything that decides the results of a sweep, as 64 hexadecimal digits.
  package static func identity(
    of plan: SweepPlan, taskDigests: [String: String], toolVersion: String, libraries: [String]
  ) throws -> String {
    var digest = ContentDigest()
    digest.update(toolVersion)
    digest.update(libraries.count)
    for library in libraries { digest.update(library) }
    digest.update(try JSONText.encode(plan))
    digest.update(plan.weightsDigest)
    digest.update(taskDigests.count)
    for (name, task) in taskDigests.sorted(by: { $0.key < $1.key }) {
      digest.update(name)
      digest.update(task)
    }
    return digest.hexadecimal()
  }

  package let path: String
  /// What the journal held when it was opened, in the order of appending.
  package let recovered: [JournalEntry]
  /// SHA-256 of the file that the results are to replace, as given when the journal was begun;
  /// empty for none.
  package let replaced: String

  private struct State {
    /// Bytes of whole records.
    var end: Int
    /// Whether there is a cell to keep the file for.
    var hasCells: Bool
    var isRemoved = false
  }

  private let file: JournalFile
  private let state: Mutex<State>

  /// Opens the journal of a sweep, or begins it.
  ///
  /// What was torn or damaged is cut off, with everything behind it.
  ///
  /// - Parameters:
  ///   - sweep: the sweep's `identity`.
  ///   - discard: whether to begin anew, whatever the journal holds.
  ///   - replaced: SHA-256 of the file that the results are to replace, kept in a new journal.
  /// - Throws: `Failure` of kind `cannotCreate` where the journal is of another sweep, open in
  ///   another process, or not a journal; `inputOutput` where reading or writing fails.
  package init(_ path: String, of sweep: String, discard: Bool, replaced: String = "") throws {
    self.path = path
    file = try JournalFile(path)
    let bytes = try file.read()
    let fresh = JournalHeader(sweep: sweep, replaced: replaced)
    let start = try fresh.bytes()
    let magic = JournalHeader.magic
    guard bytes.prefix(magic.count) == magic.prefix(bytes.count) else {
      throw Failure(
        .cannotCreate, Self.attempt, on: path, because: "a file that is no journal is in its place",
        remedy: "Move it away, or choose another --output.")
    }
    // A file shorter than a header holds no cell.
    if discard || bytes.count < start.count {
      try file.truncate(to: 0)
      try file.append(start, at: 0)
      file.synchronizeFolder()
      recovered = []
      self.replaced = replaced
      state = Mutex(State(end: start.count, hasCells: false))
      return
    }
    guard let (header, headerEnd) = JournalHeader.read(bytes) else {
      throw Self.refusal(path, because: "its header is damaged")
    }
    guard header.version == fresh.version, header.sweep == sweep else {
      throw Self.refusal(
        path, because: "it is of another sweep: other options, weights, tasks or versions")
    }
    let (entries, end) = Self.entries(in: bytes, from: headerEnd)
    if end < bytes.count { try file.truncate(to: end) }
    recovered = entries
    self.replaced = header.replaced
    state = Mutex(State(end: end, hasCells: !entries.isEmpty))
  }

  private static func refusal(_ path: String, because reason: String) -> Failure {
    Failure(
      .cannotCreate, attempt, on: path, because: reason,
      remedy: "Give --overwrite to discard it, or choose another --output.")
  }

  /// The entries up to the first that is torn or damaged, and where they end.
  private static func entries(in bytes: Data, from start: Int) -> ([JournalEntry], end: Int) {
    var entries: [JournalEntry] = []
    var end = start
    while let payload = JournalRecord.payload(in: bytes, at: end),
      let entry = JournalEntry(payload: payload)
    {
      entries.append(entry)
      end += JournalRecord.prefixLength + payload.count
    }
    return (entries, end)
  }

  /// Writes a finished cell down; it is on the disk when this returns.
  ///
  /// - Throws: `Failure` of kind `inputOutput` where that cannot be done; the cells appended before
  ///   stay.
  package func append(_ entry: JournalEntry) throws {
    let record = JournalRecord.bytes(of: try entry.payload())
    try state.withLock { state in
      try file.append(record, at: state.end)
      state.end += record.count
      state.hasCells = true
    }
  }

  /// Removes the file: the results are complete elsewhere.
  package func remove() throws {
    try state.withLock { state in
      try file.remove()
      state.isRemoved = true
    }
  }

  deinit {
    // Nothing to keep; where it cannot be removed, the next sweep goes on with it.
    let isEmpty = state.withLock { !$0.hasCells && !$0.isRemoved }
    if isEmpty { try? file.remove() }
  }
}
