package import Records
import Synchronization

/// The pieces of a race that have ended: an append-only file beside the output, which survives a
/// kill at any time and lets the race go on later.
///
/// While it is open, it is locked against other processes. A journal without pieces is removed when
/// it is closed. Unlike the journal of a sweep, one with pieces is kept after the end, so that more
/// time can be given to the race.
package final class RaceJournal: Sendable {
  /// What a race is about: with another identity its pieces would have other results.
  package struct Identity: Codable, Hashable, Sendable {
    /// The digests of the network and of the labelled set.
    package let weights, data: String
    package let folds: Int
    package let seed: UInt64
    package let toolVersion: String
    package let libraries: [String]
    /// The instruction sets for which code was chosen; others round differently.
    package let instructionSet: String

    package init(
      weights: String, data: String, folds: Int, seed: UInt64, toolVersion: String,
      libraries: [String], instructionSet: String
    ) {
      self.weights = weights
      self.data = data
      self.folds = folds
      self.seed = seed
      self.toolVersion = toolVersion
      self.libraries = libraries
      self.instructionSet = instructionSet
    }

    /// What differs from another identity, in words.
    fileprivate func differences(from other: Identity) -> [String] {
      [
        ("weights", weights != other.weights), ("data", data != other.data),
        ("folds", folds != other.folds), ("seed", seed != other.seed),
        ("version of tlbench", toolVersion != other.toolVersion),
        ("libraries", libraries != other.libraries),
        ("instruction sets", instructionSet != other.instructionSet),
      ].filter(\.1).map(\.0)
    }
  }

  private struct Entry: Codable {
    let piece: RacePiece
    let outcome: PieceOutcome
    let elapsed: Double
  }

  private static let magic = Array("tlbench race\n".utf8)

  package let path: String
  /// The pieces that the journal held when it was opened.
  package let outcomes: [RacePiece: PieceOutcome]
  /// The elapsed seconds of the race when the last of them ended.
  package let elapsed: Double
  private let file: JournalFile
  /// The end of the last whole record, and whether there is a piece to keep the file for.
  private let state: Mutex<(end: Int, hasPieces: Bool)>

  /// The journal of the race whose results are in a file.
  package static func path(of output: String) -> String { "\(output).journal" }

  /// Opens the journal of a race, or creates it; a record that was cut short is dropped, with
  /// everything after it.
  ///
  /// - Parameter discard: whether to start over, whatever the journal holds.
  /// - Throws: `Failure` of kind `cannotCreate` if the journal belongs to a different race, is open
  ///   in another process, or is not a journal; `inputOutput` if reading or writing fails.
  package init(_ path: String, of identity: Identity, discard: Bool) throws {
    self.path = path
    file = try JournalFile(path)
    let size = try file.size()
    let start = try file.read(at: 0, count: min(size, Self.magic.count))
    guard start[...] == Self.magic.prefix(start.count) else {
      throw Failure(
        .cannotCreate, JournalFile.attempt, on: path,
        because: "another file is in the journal's place",
        remedy: "Move it away, or choose another `output`.")
    }
    var scanner = JournalScanner(file, from: Self.magic.count, to: max(size, Self.magic.count))
    var outcomes: [RacePiece: PieceOutcome] = [:]
    var elapsed = 0.0
    if !discard, case .whole(let payload) = try scanner.next() {
      let text = String(decoding: payload, as: UTF8.self)
      let differences =
        CanonicalJSON.decode(Identity.self, from: text)?.differences(from: identity)
        ?? ["format"]
      guard differences.isEmpty else {
        throw Failure(
          .cannotCreate, JournalFile.attempt, on: path,
          because: "it belongs to a race with different \(differences.joined(separator: ", "))",
          remedy: "Give `overwrite` to discard it, or choose another `output`.")
      }
      while case .whole(let payload) = try scanner.next(),
        let entry = CanonicalJSON.decode(
          Entry.self, from: String(decoding: payload, as: UTF8.self))
      {
        outcomes[entry.piece] = entry.outcome
        elapsed = max(elapsed, entry.elapsed)
      }
      try file.truncate(to: scanner.position)
      state = Mutex((end: scanner.position, hasPieces: !outcomes.isEmpty))
    } else {
      let bytes =
        Self.magic + JournalRecord.bytes(of: Array(try CanonicalJSON.encode(identity).utf8))
      try file.truncate(to: 0)
      try file.append(bytes, at: 0)
      file.synchronizeFolder()
      state = Mutex((end: bytes.count, hasPieces: false))
    }
    self.outcomes = outcomes
    self.elapsed = elapsed
  }

  deinit {
    // An error leaves an empty journal behind, which does no harm.
    if !state.withLock({ $0.hasPieces }) { try? file.remove() }
  }

  /// Records a piece that has ended; it is on the disk when this returns.
  ///
  /// - Parameter elapsed: the elapsed seconds of the race, earlier sessions included.
  /// - Throws: `Failure` of kind `inputOutput` if writing fails; earlier pieces are kept.
  package func append(_ piece: RacePiece, _ outcome: PieceOutcome, elapsed: Double) throws {
    let entry = Entry(piece: piece, outcome: outcome, elapsed: elapsed)
    let record = JournalRecord.bytes(of: Array(try CanonicalJSON.encode(entry).utf8))
    try state.withLock { state in
      try file.append(record, at: state.end)
      state.end += record.count
      state.hasPieces = true
    }
  }
}
