import Foundation

/// The directory of a zip archive, which says where its members are.
///
/// Everything that the archive says about itself is checked against its length before it is used.
/// Other compressions than deflate, encryption and several disks are not supported.
struct ZipDirectory {
  struct Member {
    /// The place of the content in the archive, compressed if it is deflated.
    let bytes: Range<Int>
    /// The length of the content after decompression.
    let length: Int
    let isDeflated: Bool
    let checksum: UInt32
  }

  private(set) var members: [String: Member] = [:]
  /// The names of the members, in the order of the directory.
  private(set) var names: [String] = []

  private static let (endMark, endLength): (Int, Int) = (0x0605_4B50, 22)
  /// The records before the end, with its numbers in 64 bits; PyTorch always writes them.
  private static let (locatorMark, locatorLength): (Int, Int) = (0x0706_4B50, 20)
  private static let (longEndMark, longEndLength): (Int, Int) = (0x0606_4B50, 56)
  private static let (entryMark, entryLength): (Int, Int) = (0x0201_4B50, 46)
  private static let (localMark, localLength): (Int, Int) = (0x0403_4B50, 30)
  private static let longestComment = 65_535
  private static let mostMembers = 100_000
  private static let largestLength = 64 << 20

  /// Reads the directory.
  ///
  /// - Throws: `ModelError` if the archive is damaged or of an unsupported kind.
  init(of file: FileBytes) throws(ModelError) {
    let (count, range) = try ZipDirectory.place(in: file)
    guard count <= ZipDirectory.mostMembers, range.count <= ZipDirectory.largestLength else {
      throw ModelError("the archive has \(count) members, more than any model")
    }
    let bytes = LittleEndianBytes(try file.read(range))
    var offset = 0
    var used: [Range<Int>] = []
    for _ in 0..<count {
      let (name, member) = try ZipDirectory.entry(
        at: &offset, of: bytes, before: range.lowerBound, in: file)
      guard members.updateValue(member, forKey: name) == nil else {
        throw ModelError("the archive has two members called '\(name)'")
      }
      names.append(name)
      used.append(member.bytes)
    }
    guard offset == bytes.count else {
      throw ModelError("the archive's directory has surplus bytes", remedy: ZipArchive.copyAgain)
    }
    used.sort { $0.lowerBound < $1.lowerBound }
    for (first, second) in zip(used, used.dropFirst()) where first.overlaps(second) {
      throw ModelError("two members of the archive share bytes")
    }
  }

  /// The number of members, and the place of the directory.
  private static func place(in file: FileBytes) throws(ModelError) -> (Int, Range<Int>) {
    let longest = endLength + longestComment + locatorLength + longEndLength
    let start = max(0, file.count - longest)
    let bytes = LittleEndianBytes(try file.read(start..<file.count))
    guard let end = end(of: bytes) else {
      throw ModelError(
        "the archive has no end: it is cut off or damaged", remedy: ZipArchive.copyAgain)
    }
    guard try bytes.number(at: end + 4, bytes: 4) == 0 else {
      throw ModelError("the archive is in several parts")
    }
    // The end, or the record of 64 bits before it, to which a locator points.
    let (record, places): (Int, [(offset: Int, bytes: Int)])
    let locator = end - locatorLength
    if locator >= 0, try bytes.number(at: locator, bytes: 4) == locatorMark {
      record = locator - longEndLength
      guard record >= 0, try bytes.number(at: record, bytes: 4) == longEndMark,
        try bytes.number(at: locator + 8, bytes: 8) == start + record
      else { throw misplaced }
      places = [(24, 8), (32, 8), (40, 8), (48, 8)]
    } else {
      (record, places) = (end, [(8, 2), (10, 2), (12, 4), (16, 4)])
    }
    var numbers: [Int] = []
    for place in places {
      numbers.append(try bytes.number(at: record + place.offset, bytes: place.bytes))
    }
    guard numbers[0] == numbers[1] else { throw ModelError("the archive is in several parts") }
    let (length, first) = (numbers[2], numbers[3])
    guard first <= file.count, length == start + record - first else { throw misplaced }
    return (numbers[1], first..<first + length)
  }

  private static var misplaced: ModelError {
    ModelError(
      "the archive's directory is not where it should be", remedy: ZipArchive.copyAgain)
  }

  /// The offset of the record that ends every archive; only a comment may follow it.
  private static func end(of bytes: LittleEndianBytes) -> Int? {
    var offset = bytes.count - endLength
    while offset >= 0 {
      if (try? bytes.number(at: offset, bytes: 4)) == endMark,
        let comment = try? bytes.number(at: offset + 20, bytes: 2),
        offset + endLength + comment == bytes.count
      {
        return offset
      }
      offset -= 1
    }
    return nil
  }

  /// Reads an entry of the directory, and the header of its member.
  private static func entry(
    at offset: inout Int, of bytes: LittleEndianBytes, before end: Int, in file: FileBytes
  ) throws(ModelError) -> (String, Member) {
    let damaged = ModelError(
      "the archive's directory is damaged", remedy: ZipArchive.copyAgain)
    let start = offset
    guard start + entryLength <= bytes.count,
      try bytes.number(at: start, bytes: 4) == entryMark
    else { throw damaged }
    let flags = try bytes.number(at: start + 8, bytes: 2)
    let method = try bytes.number(at: start + 10, bytes: 2)
    let checksum = UInt32(try bytes.number(at: start + 16, bytes: 4))
    let nameLength = try bytes.number(at: start + 28, bytes: 2)
    let extraLength = try bytes.number(at: start + 30, bytes: 2)
    let nameEnd = start + entryLength + nameLength
    offset = nameEnd + extraLength + (try bytes.number(at: start + 32, bytes: 2))
    guard offset <= bytes.count, let name = bytes.text(in: start + entryLength..<nameEnd) else {
      throw damaged
    }
    guard flags & 1 == 0 else { throw ModelError(at: name, "it is encrypted") }
    guard method == 0 || method == 8 else {
      throw ModelError(
        at: name, "its compression is not supported (method \(method))",
        remedy: "Repack the archive without compression, with 'zip -0'.")
    }
    // Numbers that do not fit into 32 bits are in an extra field, in this order.
    var numbers: [Int] = []
    var long = try longNumbers(in: nameEnd..<nameEnd + extraLength, of: bytes)
    for place in [24, 20, 42] {
      let number = try bytes.number(at: start + place, bytes: 4)
      guard number == 0xFFFF_FFFF else {
        numbers.append(number)
        continue
      }
      guard let first = long.first else { throw damaged }
      numbers.append(first)
      long.removeFirst()
    }
    let (length, stored, local) = (numbers[0], numbers[1], numbers[2])
    guard stored == length || method == 8 else {
      throw ModelError(
        at: name, "the archive's directory contradicts itself", remedy: ZipArchive.copyAgain)
    }
    let first = try content(of: name, at: local, before: end, in: file)
    guard stored <= end - first else { throw elsewhere(name) }
    return (
      name,
      Member(
        bytes: first..<first + stored, length: length, isDeflated: method == 8, checksum: checksum)
    )
  }

  /// The numbers of 64 bits in the extra field of an entry.
  private static func longNumbers(
    in field: Range<Int>, of bytes: LittleEndianBytes
  ) throws(ModelError) -> [Int] {
    var offset = field.lowerBound
    while offset + 4 <= field.upperBound {
      let (kind, length) = (
        try bytes.number(at: offset, bytes: 2), try bytes.number(at: offset + 2, bytes: 2)
      )
      offset += 4
      guard kind != 1 else {
        var numbers: [Int] = []
        for place in stride(from: offset, to: min(offset + length, field.upperBound) - 7, by: 8) {
          numbers.append(try bytes.number(at: place, bytes: 8))
        }
        return numbers
      }
      offset += length
    }
    return []
  }

  /// Where the content of a member begins, after its header.
  private static func content(
    of name: String, at local: Int, before end: Int, in file: FileBytes
  ) throws(ModelError) -> Int {
    let length = localLength + name.utf8.count
    guard local <= end - length else { throw elsewhere(name) }
    let header = LittleEndianBytes(try file.read(local..<local + length))
    let nameLength = try header.number(at: 26, bytes: 2)
    let first = local + localLength + nameLength + (try header.number(at: 28, bytes: 2))
    guard try header.number(at: 0, bytes: 4) == localMark, nameLength == name.utf8.count,
      header.text(in: localLength..<header.count) == name, first <= end
    else { throw elsewhere(name) }
    return first
  }

  private static func elsewhere(_ name: String) -> ModelError {
    ModelError(at: name, "it is not where the archive says", remedy: ZipArchive.copyAgain)
  }
}
