import Foundation
import Records
import Results
import Testing

/// Journals that were cut short or changed.
struct JournalDamageTests {
  let sample: JournalSample

  init() throws { sample = try JournalSample() }

  private func outcomes(ofFirst count: Int) -> [CellResult.Outcome?] {
    JournalSample.outcomes(of: JournalSample.entries.prefix(count))
  }

  /// Cut at any length, a journal yields the entries that are whole, and the rest is cut off.
  @Test func truncation() throws {
    let sizes = try sample.write()
    let bytes = try sample.bytes()
    for length in 0...bytes.count {
      try sample.replace(with: bytes.prefix(length))
      let whole = sizes.lastIndex { $0 <= length } ?? 0
      let journal = try sample.open()
      #expect(try journal.outcomes() == outcomes(ofFirst: whole))
      #expect(try sample.bytes() == bytes.prefix(sizes[whole]))
      #expect((journal.damage == nil) == (length <= sizes[0] || sizes.contains(length)))
    }
  }

  /// What follows a torn record is appended behind the whole ones.
  @Test func appendingAfterTear() throws {
    let sizes = try sample.write()
    try sample.replace(with: sample.bytes().prefix(sizes[2] - 1))
    let entry = JournalEntry(cell: 9, outcome: .completed(Sample.measurement(9)), elapsed: 10)
    try sample.write([entry])
    #expect(
      try sample.open().outcomes() == JournalSample.outcomes(of: [JournalSample.entries[0], entry]))
  }

  /// How many changes are tried; check_journal.py asks for more.
  static let flipCount =
    ProcessInfo.processInfo.environment["TLBENCH_FLIPS"].flatMap(Int.init) ?? 500

  /// Random changes of a byte: each costs the record that it is in and those behind, which is said,
  /// or has the journal refused where it is in the header; an entry that was not appended never
  /// appears.
  @Test func flippedBytes() throws {
    let sizes = try sample.write()
    let bytes = try sample.bytes()
    let expected = (0...JournalSample.entries.count).map(outcomes)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<Self.flipCount {
      let offset = Int.random(in: bytes.indices, using: &random)
      let change = UInt8.random(in: 1...255, using: &random)
      var damaged = bytes
      damaged[offset] ^= change
      try sample.replace(with: damaged)
      let place = "byte \(offset) changed by \(change)"
      if offset < sizes[0] {
        #expect(failureThrown { _ = try sample.open() }?.kind == .cannotCreate, "\(place)")
        #expect(try sample.bytes() == damaged, "\(place)")
      } else {
        let whole = sizes.lastIndex { $0 <= offset } ?? 0
        let journal = try sample.open()
        #expect(try journal.outcomes() == expected[whole], "\(place)")
        #expect(journal.damage?.contains("\(sizes[whole])") == true, "\(place)")
      }
    }
  }

  /// Zeros and garbage behind the last record, as after a loss of power, are cut off, and that is
  /// said.
  @Test(arguments: [
    Data(count: 4096), Data(repeating: 0xFF, count: 100), Data("garbage behind the end".utf8),
  ])
  func foreignTail(tail: Data) throws {
    try sample.write()
    let bytes = try sample.bytes()
    try sample.replace(with: bytes + tail)
    let journal = try sample.open()
    #expect(try journal.outcomes() == outcomes(ofFirst: 3))
    #expect(journal.damage?.contains("damaged from byte \(bytes.count) on") == true)
    #expect(try sample.bytes() == bytes)
  }

  /// A journal whose header is damaged can be discarded.
  @Test func discardingDamaged() throws {
    let sizes = try sample.write()
    var bytes = try sample.bytes()
    bytes[sizes[0] - 1] ^= 1
    try sample.replace(with: bytes)
    #expect(try sample.open(discard: true).cellCount == 0)
  }

  /// What is changed while the journal is open is noticed when it is read back.
  @Test func changedWhileOpen() throws {
    let journal = try sample.open()
    for entry in JournalSample.entries { try journal.append(entry) }
    let file = try FileHandle(forUpdating: URL(filePath: sample.path))
    try file.seek(toOffset: UInt64(try sample.bytes().count - 1))
    try file.write(contentsOf: Data([0xFF]))
    try file.close()
    #expect(failureThrown { _ = try journal.outcomes() }?.kind == .inputOutput)
  }
}
