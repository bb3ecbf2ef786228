import Foundation
import Records
import Results
import TestSupport
import Testing

/// Journals that were cut short or changed.
struct JournalDamageTests {
  let sample: JournalSample

  init() throws { sample = try JournalSample() }

  private func outcomes(ofFirst count: Int) -> [RunResult.Outcome?] {
    JournalSample.outcomes(of: JournalSample.entries.prefix(count))
  }

  /// A journal that is cut at any length yields its whole entries, and the rest is cut off.
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

  /// After a torn record, new records are appended to the whole ones.
  @Test func appendingAfterTear() throws {
    let sizes = try sample.write()
    try sample.replace(with: sample.bytes().prefix(sizes[2] - 1))
    let entry = JournalEntry(cell: 9, outcome: .completed(Sample.measurement(9)), elapsed: 10)
    try sample.write([entry])
    #expect(
      try sample.open().outcomes() == JournalSample.outcomes(of: [JournalSample.entries[0], entry]))
  }

  /// How many changes are tried; check_journal.py sets a larger number.
  static let flipCount =
    ProcessInfo.processInfo.environment["TLBENCH_FLIPS"].flatMap(Int.init) ?? 500

  /// A random change of a byte loses the record with the byte and all records after it, which is
  /// reported.
  ///
  /// In the header it makes the journal invalid. An entry that was not appended never appears.
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

  /// Zeros and garbage after the last record, as after a power failure, are cut off, which is
  /// reported.
  @Test(arguments: [
    Data(count: 4096), Data(repeating: 0xFF, count: 100), Data("garbage behind the end".utf8),
  ])
  func foreignTail(tail: Data) throws {
    try sample.write()
    let bytes = try sample.bytes()
    try sample.replace(with: bytes + tail)
    let journal = try sample.open()
    #expect(try journal.outcomes() == outcomes(ofFirst: 3))
    #expect(journal.damage?.contains("damaged from byte \(bytes.count) onwards") == true)
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

  /// Changes to the file while the journal is open are detected when it is read back.
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
