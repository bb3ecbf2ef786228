import Foundation

/// The first record of a journal: which sweep it is of.
struct JournalHeader: Codable, Hashable {
  /// Grows when records of the old form could no longer be read.
  static let currentVersion = 2
  /// What the file starts with, in front of the first record.
  static let magic = Array("tlbench journal\n".utf8)

  var version = currentVersion
  let identity: SweepIdentity
  /// The processor's model name, where the sweep began.
  let processor: String
  /// SHA-256 of the file that the results are to replace; empty where there was none.
  let replaced: String

  /// The start of a journal: the magic and this header as a record.
  func bytes() throws -> [UInt8] {
    Self.magic + JournalRecord.bytes(of: Array(try JSONText.encode(self).utf8))
  }

  /// Only the version, which every header has.
  private struct Version: Codable {
    let version: Int
  }

  /// What the start of a file says.
  enum Finding {
    case whole(JournalHeader, end: Int)
    /// The file ends within its header, so that it holds no cell.
    case torn
    case damaged
    case otherVersion(Int)
    case foreign
  }

  static func read(from file: JournalFile) throws -> Finding {
    let size = try file.size()
    let start = try file.read(at: 0, count: min(size, magic.count))
    guard start[...] == magic.prefix(start.count) else { return .foreign }
    var scanner = JournalScanner(file, from: magic.count, to: max(size, magic.count))
    switch try scanner.next() {
    case .end, .torn: return .torn
    case .damaged: return .damaged
    case .whole(let payload):
      let text = String(decoding: payload, as: UTF8.self)
      if let header = JSONText.decode(Self.self, from: text), header.version == currentVersion {
        return .whole(header, end: scanner.position)
      }
      // Its sum is right, so that it is whole: the header of another version.
      return JSONText.decode(Version.self, from: text).map { .otherVersion($0.version) } ?? .damaged
    }
  }
}
