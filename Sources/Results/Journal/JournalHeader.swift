import Records

/// The first record of a journal, which identifies the sweep.
struct JournalHeader: Codable, Hashable {
  /// The version of the format, incremented when records of the old format can no longer be read.
  static let currentVersion = 2
  /// The bytes at the start of the file, before the first record.
  static let magic = Array("tlbench journal\n".utf8)

  var version = currentVersion
  let identity: SweepIdentity
  /// The model name of the processor on which the sweep began; `nil` if it is not known.
  let processor: String?
  /// The SHA-256 of the file that the results will replace; empty if there was none.
  let replaced: String

  /// The start of a journal: the magic and this header as a record.
  func bytes() throws -> [UInt8] {
    Self.magic + JournalRecord.bytes(of: Array(try CanonicalJSON.encode(self).utf8))
  }

  /// The version alone, which headers of all versions have.
  private struct Version: Codable {
    let version: Int
  }

  /// The content of the start of a file.
  enum Finding {
    case whole(JournalHeader, end: Int)
    /// The file ends within its header, so it holds no runs.
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
      if let header = CanonicalJSON.decode(Self.self, from: text),
        header.version == currentVersion
      {
        return .whole(header, end: scanner.position)
      }
      // The checksum is right, so the header is whole and of another version.
      return CanonicalJSON.decode(Version.self, from: text).map { .otherVersion($0.version) }
        ?? .damaged
    }
  }
}
