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
  /// A description of what was cut off after the last whole piece; `nil` if nothing was.
  package let damage: String?
  private let file: JournalFile
  /// The end of the last whole record, and whether there is a piece to keep the file for.
  private let state: Mutex<(end: Int, hasPieces: Bool)>

  /// The journal of the race whose results are in a file.
  package static func path(of output: String) -> String { "\(output).journal" }

  /// Opens the journal of a race, or creates it; a torn or damaged record is cut off, with
  /// everything after it.
  ///
  /// - Parameter discard: whether to start over, whatever the journal holds.
  /// - Throws: `Failure` of kind `cannotCreate` if the journal belongs to a different race, has a
  ///   damaged header, is open in another process, or is not a journal; `inputOutput` if reading or
  ///   writing fails.
  package init(_ path: String, of identity: Identity, discard: Bool) throws {
    self.path = path
    file = try JournalFile(path, of: "race")
    let size = try file.size()
    let start = try file.read(at: 0, count: min(size, Self.magic.count))
    guard start[...] == Self.magic.prefix(start.count) else {
      throw Failure(
        .cannotCreate, JournalFile.attempt, on: path,
        because: "another file is in the journal's place",
        remedy: "Move it away, or choose another `output`.")
    }
    var scanner = JournalScanner(file, from: Self.magic.count, to: max(size, Self.magic.count))
    let header: JournalRecord.Finding = try discard ? .end : scanner.next()
    switch header {
    case .whole(let payload):
      if let reason = Self.obstacle(in: payload, to: identity) {
        throw Self.refusal(path, because: reason)
      }
      let pieces = try Pieces(&scanner)
      if pieces.end < size { try file.truncate(to: pieces.end) }
      (outcomes, elapsed, damage) = (pieces.outcomes, pieces.elapsed, pieces.damage)
      state = Mutex((end: pieces.end, hasPieces: !pieces.outcomes.isEmpty))
    case .damaged:
      throw Self.refusal(path, because: "its header is damaged")
    case .torn, .end:
      // A file that ends within its header holds no pieces.
      let bytes =
        Self.magic + JournalRecord.bytes(of: Array(try CanonicalJSON.encode(identity).utf8))
      try file.truncate(to: 0)
      try file.append(bytes, at: 0)
      file.synchronizeFolder()
      (outcomes, elapsed, damage) = ([:], 0, nil)
      state = Mutex((end: bytes.count, hasPieces: false))
    }
  }

  /// Why a journal with a whole header does not belong to a race; `nil` if it does.
  private static func obstacle(in header: ArraySlice<UInt8>, to identity: Identity) -> String? {
    let text = String(decoding: header, as: UTF8.self)
    guard let found = CanonicalJSON.decode(Identity.self, from: text) else {
      return "it was written by another version of tlbench"
    }
    let differences = found.differences(from: identity)
    return differences.isEmpty
      ? nil : "it belongs to a race with different \(differences.joined(separator: ", "))"
  }

  private static func refusal(_ path: String, because reason: String) -> Failure {
    Failure(
      .cannotCreate, JournalFile.attempt, on: path, because: reason,
      remedy: "Give `overwrite` to discard it, or choose another `output`.")
  }

  /// The pieces after the header.
  private struct Pieces {
    private(set) var outcomes: [RacePiece: PieceOutcome] = [:]
    private(set) var elapsed = 0.0
    private(set) var damage: String?
    /// The end of the last whole piece.
    private(set) var end: Int

    init(_ scanner: inout JournalScanner) throws {
      end = scanner.position
      while true {
        switch try scanner.next() {
        case .end: return
        case .torn:
          damage = "the last record was cut short"
          return
        case .damaged:
          damage = "it is damaged from byte \(end) onwards"
          return
        case .whole(let payload):
          let text = String(decoding: payload, as: UTF8.self)
          guard let entry = CanonicalJSON.decode(Entry.self, from: text) else {
            damage = "from byte \(end) onwards, it is no record of a race"
            return
          }
          outcomes[entry.piece] = entry.outcome
          elapsed = max(elapsed, entry.elapsed)
          end = scanner.position
        }
      }
    }
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
