import CZlib
import Records

/// Reads the members of a zip archive: stored ones, as Keras writes `.keras`, and deflated ones, as
/// other programs repack it.
///
/// Everything that the archive says about itself is checked against its length before it is used.
/// Other compressions, encryption, several disks and 64-bit fields are not supported.
struct ZipArchive {
  private struct Member {
    let bytes: Range<Int>
    /// The length of the content after decompression.
    let length: Int
    let isDeflated: Bool
    let checksum: UInt32
  }

  private let bytes: [UInt8]
  private var members: [String: Member] = [:]
  /// The names of the members, in the order of the archive's directory.
  private(set) var names: [String] = []

  private static let endMark: UInt32 = 0x0605_4B50
  private static let entryMark: UInt32 = 0x0201_4B50
  private static let localMark: UInt32 = 0x0403_4B50
  private static let (endLength, entryLength, localLength) = (22, 46, 30)
  private static let longestComment = 65_535
  private static let mostMembers = 10_000
  /// Limits against decompression bombs: weights hardly compress, so a member is refused if its
  /// content is longer than both this length and 100 times the compressed bytes.
  private static let (harmlessLength, largestFactor) = (64 << 20, 100)

  /// Whether bytes begin as a zip archive does.
  static func isRecognized(_ start: some Collection<UInt8>) -> Bool {
    start.starts(with: [0x50, 0x4B, 0x03, 0x04])
  }

  init(_ bytes: [UInt8]) throws(ModelError) {
    self.bytes = bytes
    let end = try endOfDirectory()
    let count = Int(try number16(end + 10))
    let length = Int(try number32(end + 12))
    let start = Int(try number32(end + 16))
    guard count != 0xFFFF, length != 0xFFFF_FFFF, start != 0xFFFF_FFFF else {
      throw ModelError("the archive uses 64-bit fields, which are not supported")
    }
    guard try number32(end + 4) == 0, try number16(end + 8) == UInt16(count) else {
      throw ModelError("the archive is in several parts")
    }
    guard count <= ZipArchive.mostMembers, start + length == end else {
      throw ModelError("the archive's directory is not where it should be", remedy: copyAgain)
    }
    var offset = start
    var used: [Range<Int>] = []
    for _ in 0..<count {
      let (name, member) = try readEntry(at: &offset, before: end, directory: start)
      guard members.updateValue(member, forKey: name) == nil else {
        throw ModelError("the archive has two members called '\(name)'")
      }
      names.append(name)
      used.append(member.bytes)
    }
    guard offset == end else {
      throw ModelError("the archive's directory has surplus bytes", remedy: copyAgain)
    }
    used.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(used, used.dropFirst()) where first.overlaps(second) {
      throw ModelError("two members of the archive share bytes")
    }
  }

  /// The content of a member.
  ///
  /// - Throws: `ModelError` if there is no member of this name, or if it is damaged.
  func contents(of name: String) throws(ModelError) -> [UInt8] {
    guard let member = members[name] else {
      throw ModelError(
        "the archive has no member '\(name)', only \(ModelError.list(names))",
        remedy: "Save the model with Keras 3, as model.save('m.keras').")
    }
    let content =
      member.isDeflated ? try inflated(member, called: name) : Array(bytes[member.bytes])
    guard CRC32.checksum(content) == member.checksum else {
      throw ModelError(at: name, "its checksum is wrong: it is damaged", remedy: copyAgain)
    }
    return content
  }

  private func inflated(_ member: Member, called name: String) throws(ModelError) -> [UInt8] {
    let largest = max(
      ZipArchive.harmlessLength, member.bytes.count * ZipArchive.largestFactor)
    guard member.length <= largest else {
      throw ModelError(
        at: name,
        "its \(member.bytes.count) compressed bytes would become \(member.length), far more than "
          + "for any weights",
        remedy: "If you trust the file, repack it without compression, with 'zip -0'.")
    }
    var isWhole = false
    let content = [UInt8](unsafeUninitializedCapacity: member.length) { buffer, count in
      isWhole = bytes.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = buffer.baseAddress else { return false }
        return czlib_inflate(
          from + member.bytes.lowerBound, member.bytes.count, to, member.length) == 1
      }
      count = isWhole ? member.length : 0
    }
    guard isWhole else {
      throw ModelError(at: name, "its compressed content is damaged", remedy: copyAgain)
    }
    return content
  }

  private var copyAgain: String { "Copy the file again." }

  /// The offset of the record that ends every archive; only a comment may follow it.
  private func endOfDirectory() throws(ModelError) -> Int {
    let last = bytes.count - ZipArchive.endLength
    var offset = last
    while offset >= 0, offset >= last - ZipArchive.longestComment {
      if try number32(offset) == ZipArchive.endMark,
        offset + ZipArchive.endLength + Int(try number16(offset + 20)) == bytes.count
      {
        return offset
      }
      offset -= 1
    }
    throw ModelError("the archive has no end: it is cut off or damaged", remedy: copyAgain)
  }

  private func readEntry(
    at offset: inout Int, before end: Int, directory: Int
  ) throws(ModelError) -> (String, Member) {
    guard offset + ZipArchive.entryLength <= end, try number32(offset) == ZipArchive.entryMark
    else {
      throw ModelError("the archive's directory is damaged", remedy: copyAgain)
    }
    let flags = try number16(offset + 8)
    let method = try number16(offset + 10)
    let checksum = try number32(offset + 16)
    let stored = Int(try number32(offset + 20))
    let length = Int(try number32(offset + 24))
    let nameLength = Int(try number16(offset + 28))
    let rest = Int(try number16(offset + 30)) + Int(try number16(offset + 32))
    let local = Int(try number32(offset + 42))
    let nameStart = offset + ZipArchive.entryLength
    offset = nameStart + nameLength + rest
    guard offset <= end, let name = text(nameStart..<nameStart + nameLength) else {
      throw ModelError("the archive's directory is damaged", remedy: copyAgain)
    }
    guard flags & 1 == 0 else { throw ModelError(at: name, "it is encrypted") }
    guard method == 0 || method == 8 else {
      throw ModelError(
        at: name, "its compression is not supported (method \(method))",
        remedy: "Repack the archive without compression, with 'zip -0'.")
    }
    guard stored == length || method == 8, stored != 0xFFFF_FFFF, length != 0xFFFF_FFFF,
      local != 0xFFFF_FFFF
    else {
      throw ModelError(at: name, "the archive's directory contradicts itself", remedy: copyAgain)
    }
    guard local + ZipArchive.localLength <= directory,
      try number32(local) == ZipArchive.localMark
    else {
      throw ModelError(at: name, "it is not where the archive says", remedy: copyAgain)
    }
    let localNameLength = Int(try number16(local + 26))
    let start = local + ZipArchive.localLength + localNameLength + Int(try number16(local + 28))
    guard start + stored <= directory,
      text(local + ZipArchive.localLength..<local + ZipArchive.localLength + localNameLength)
        == name
    else {
      throw ModelError(at: name, "it is not where the archive says", remedy: copyAgain)
    }
    return (
      name,
      Member(
        bytes: start..<start + stored, length: length, isDeflated: method == 8, checksum: checksum)
    )
  }

  private func text(_ range: Range<Int>) -> String? {
    guard range.upperBound <= bytes.count else { return nil }
    return String(validating: bytes[range], as: UTF8.self)
  }

  private func number16(_ offset: Int) throws(ModelError) -> UInt16 {
    guard offset >= 0, offset + 2 <= bytes.count else {
      throw ModelError("the archive is cut off", remedy: copyAgain)
    }
    return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
  }

  private func number32(_ offset: Int) throws(ModelError) -> UInt32 {
    UInt32(try number16(offset)) | UInt32(try number16(offset + 2)) << 16
  }
}
