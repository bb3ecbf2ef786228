import Foundation

/// The first record of a journal: which sweep it is of.
struct JournalHeader: Codable, Hashable {
  /// Grows when records of the old form could no longer be read.
  static let currentVersion = 1
  /// What the file starts with, in front of the first record.
  static let magic = Data("tlbench journal\n".utf8)

  var version = currentVersion
  /// `ResultsJournal.identity` of the sweep.
  let sweep: String
  /// SHA-256 of the file that the results are to replace; empty where there was none.
  let replaced: String

  /// The start of a journal: the magic and this header as a record.
  func bytes() throws -> Data {
    Self.magic + JournalRecord.bytes(of: Data(try JSONText.encode(self).utf8))
  }

  /// The header at the start of a journal, and where the records behind it begin; `nil` where it
  /// is damaged.
  static func read(_ bytes: Data) -> (header: JournalHeader, end: Int)? {
    guard bytes.starts(with: magic),
      let payload = JournalRecord.payload(in: bytes, at: magic.count),
      let header = JSONText.decode(Self.self, from: String(decoding: payload, as: UTF8.self))
    else { return nil }
    return (header, magic.count + JournalRecord.prefixLength + payload.count)
  }
}
