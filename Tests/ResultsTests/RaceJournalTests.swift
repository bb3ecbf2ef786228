import Foundation
import Records
import Results
import TestSupport
import Testing

/// The journal of a race.
struct RaceJournalTests {
  private static func identity(seed: UInt64 = 1) -> RaceJournal.Identity {
    RaceJournal.Identity(
      weights: "w", data: "d", folds: 5, seed: seed, toolVersion: "0", libraries: ["a"],
      instructionSet: "i")
  }

  private static let pieces: [(RacePiece, PieceOutcome)] = [
    (
      RacePiece(strategy: "a", fold: 0),
      .completed(
        PieceResult(
          correct: [true, false], logLosses: [0.1, 1 / 3], cpuSeconds: 2.5, wallSeconds: 3))
    ),
    (RacePiece(strategy: "b", fold: 3, divisor: 4), .failed(reason: "it diverged")),
    (RacePiece(strategy: "c", fold: 1), .completed(PieceResult(correct: [true]))),
  ]

  /// What was appended is there again, to the last bit, with the elapsed time.
  @Test func roundTrip() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("race.journal")
    do {
      let journal = try RaceJournal(path, of: Self.identity(), discard: false)
      #expect(journal.outcomes.isEmpty && journal.elapsed == 0)
      for (index, (piece, outcome)) in Self.pieces.enumerated() {
        try journal.append(piece, outcome, elapsed: Double(index) + 0.25)
      }
    }
    let journal = try RaceJournal(path, of: Self.identity(), discard: false)
    #expect(journal.elapsed == 2.25 && journal.outcomes.count == 3)
    for (piece, outcome) in Self.pieces { #expect(journal.outcomes[piece] == outcome) }
  }

  /// A journal that ends anywhere keeps the pieces before, and goes on from there.
  @Test func torn() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("race.journal")
    do {
      let journal = try RaceJournal(path, of: Self.identity(), discard: false)
      for (piece, outcome) in Self.pieces { try journal.append(piece, outcome, elapsed: 1) }
    }
    let bytes = try Data(contentsOf: URL(filePath: path))
    var counts: Set<Int> = []
    for length in stride(from: 0, through: bytes.count, by: 7) {
      try bytes.prefix(length).write(to: URL(filePath: path))
      do {
        let journal = try RaceJournal(path, of: Self.identity(), discard: false)
        counts.insert(journal.outcomes.count)
        try journal.append(Self.pieces[0].0, Self.pieces[0].1, elapsed: 1)
      }
      let again = try RaceJournal(path, of: Self.identity(), discard: false)
      #expect(again.outcomes[Self.pieces[0].0] == Self.pieces[0].1)
    }
    #expect(counts.isSuperset(of: [0, 1, 2]))
  }

  /// The journal of another race is refused by what differs, unless it is to be discarded.
  @Test func otherRace() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("race.journal")
    do {
      let journal = try RaceJournal(path, of: Self.identity(), discard: false)
      try journal.append(Self.pieces[0].0, Self.pieces[0].1, elapsed: 1)
    }
    let failure = #expect(throws: Failure.self) {
      _ = try RaceJournal(path, of: Self.identity(seed: 2), discard: false)
    }
    #expect(failure?.kind == .cannotCreate && failure?.reason.contains("seed") == true)
    #expect(try RaceJournal(path, of: Self.identity(seed: 2), discard: true).outcomes.isEmpty)
    try Data("something else".utf8).write(to: URL(filePath: path))
    #expect(throws: Failure.self) {
      _ = try RaceJournal(path, of: Self.identity(), discard: true)
    }
  }

  /// A damaged header is refused with the file, the reason and a remedy, and the file is kept; a
  /// journal that another process has open, or that was moved away, is that of a race.
  @Test func damagedHeader() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("race.journal")
    do {
      let journal = try RaceJournal(path, of: Self.identity(), discard: false)
      try journal.append(Self.pieces[0].0, Self.pieces[0].1, elapsed: 1)
      let second = #expect(throws: Failure.self) {
        _ = try RaceJournal(path, of: Self.identity(), discard: false)
      }
      #expect(second?.reason.contains("is running a race") == true)
      #expect(journal.path == path)
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    for place in [13, 17, 30] {
      var damaged = bytes
      damaged[place] ^= 0xFF
      try damaged.write(to: URL(filePath: path))
      let failure = #expect(throws: Failure.self) {
        _ = try RaceJournal(path, of: Self.identity(), discard: false)
      }
      #expect(failure?.kind == .cannotCreate && failure?.subject == path)
      #expect(failure?.reason == "its header is damaged")
      #expect(failure?.remedy?.contains("`overwrite`") == true)
      #expect(try Data(contentsOf: URL(filePath: path)) == damaged)
    }
    #expect(try RaceJournal(path, of: Self.identity(), discard: true).outcomes.isEmpty)

    // A damaged record is cut off, and said to be.
    bytes[bytes.count - 1] ^= 0xFF
    try bytes.write(to: URL(filePath: path))
    let journal = try RaceJournal(path, of: Self.identity(), discard: false)
    #expect(journal.outcomes.isEmpty && journal.damage?.contains("damaged from byte") == true)
    try FileManager.default.moveItem(atPath: path, toPath: folder.path("away"))
    let moved = #expect(throws: Failure.self) {
      try journal.append(Self.pieces[0].0, Self.pieces[0].1, elapsed: 1)
    }
    #expect(moved?.reason.contains("while the race was running") == true)
    #expect(moved?.remedy?.contains("sweep") == false)
  }
}
