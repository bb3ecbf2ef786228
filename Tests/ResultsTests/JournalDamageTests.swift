import Foundation
import Records
import Results
import Testing

/// Journals that were cut short or changed.
struct JournalDamageTests {
  let sample: JournalSample

  init() throws { sample = try JournalSample() }

  /// Cut at any length, a journal yields the entries that are whole, and the rest is cut off.
  @Test func truncation() throws {
    let sizes = try sample.write()
    let bytes = try sample.bytes()
    for length in 0...bytes.count {
      try sample.replace(with: bytes.prefix(length))
      let whole = sizes.lastIndex { $0 <= length } ?? 0
      let journal = try sample.open()
      #expect(journal.recovered == Array(JournalSample.entries.prefix(whole)))
      #expect(try sample.bytes() == bytes.prefix(sizes[whole]))
    }
  }

  /// What follows a torn record is appended behind the whole ones.
  @Test func appendingAfterTear() throws {
    let sizes = try sample.write()
    try sample.replace(with: sample.bytes().prefix(sizes[2] - 1))
    try sample.write([JournalSample.entries[2]])
    #expect(
      try sample.open().recovered == [JournalSample.entries[0], JournalSample.entries[2]])
  }

  /// A changed bit anywhere costs the record that it is in and those behind, or has the journal
  /// refused where it is in the header; an entry that was not appended never appears.
  @Test func flippedBits() throws {
    let sizes = try sample.write()
    let bytes = try sample.bytes()
    for offset in bytes.indices {
      var damaged = bytes
      damaged[offset] ^= 1 << UInt8(offset % 8)
      try sample.replace(with: damaged)
      if offset < sizes[0] {
        #expect(failureThrown { _ = try sample.open() }?.kind == .cannotCreate)
        #expect(try sample.bytes() == damaged)
      } else {
        let whole = sizes.lastIndex { $0 <= offset } ?? 0
        #expect(try sample.open().recovered == Array(JournalSample.entries.prefix(whole)))
      }
    }
  }

  /// Zeros and garbage behind the last record, as after a loss of power, are cut off.
  @Test(arguments: [
    Data(count: 4096), Data(repeating: 0xFF, count: 100), Data("garbage behind the end".utf8),
  ])
  func foreignTail(tail: Data) throws {
    try sample.write()
    let bytes = try sample.bytes()
    try sample.replace(with: bytes + tail)
    #expect(try sample.open().recovered == JournalSample.entries)
    #expect(try sample.bytes() == bytes)
  }

  /// A journal whose header is damaged can be discarded.
  @Test func discardingDamaged() throws {
    let sizes = try sample.write()
    var bytes = try sample.bytes()
    bytes[sizes[0] - 1] ^= 1
    try sample.replace(with: bytes)
    #expect(try sample.open(discard: true).recovered.isEmpty)
  }
}
