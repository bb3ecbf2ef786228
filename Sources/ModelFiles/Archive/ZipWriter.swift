import Records

/// Writes a zip archive of stored members; the same members give the same bytes.
struct ZipWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  private static let version: UInt16 = 20
  /// The earliest date of the format: real times would make every archive different.
  private static let (time, date): (UInt16, UInt16) = (0, 0x0021)
  /// The flag that names are UTF-8.
  private static let flags: UInt16 = 0x0800
  private static let largest = Int(UInt32.max) - 1

  /// Adds a member.
  ///
  /// - Throws: `ModelError` if the archive would need the format's 64-bit fields.
  mutating func add(_ name: String, _ content: [UInt8]) throws(ModelError) {
    guard bytes.count + content.count + 1_000 <= ZipWriter.largest else {
      throw ModelError(
        .failed, "a .keras archive holds at most 4 GiB", remedy: "Write a .weights.h5 file instead."
      )
    }
    let start = UInt32(bytes.count)
    var common: [UInt8] = []
    common.append(ZipWriter.version)
    common.append(ZipWriter.flags)
    common.append(0 as UInt16)  // stored
    common.append(ZipWriter.time)
    common.append(ZipWriter.date)
    common.append(CRC32.checksum(content))
    common.append(UInt32(content.count))
    common.append(UInt32(content.count))
    common.append(UInt16(name.utf8.count))
    common.append(0 as UInt16)  // no extra field

    bytes.append(0x0403_4B50 as UInt32)
    bytes += common
    bytes += Array(name.utf8)
    bytes += content

    directory.append(0x0201_4B50 as UInt32)
    directory.append(ZipWriter.version)
    directory += common
    directory.append(0 as UInt16)  // no comment
    directory.append(0 as UInt16)  // first disk
    directory.append(0 as UInt16)  // internal attributes
    directory.append(0 as UInt32)  // external attributes
    directory.append(start)
    directory += Array(name.utf8)
    count += 1
  }

  /// The whole archive.
  consuming func finish() -> [UInt8] {
    let start = UInt32(bytes.count)
    var result = bytes + directory
    result.append(0x0605_4B50 as UInt32)
    result.append(0 as UInt32)  // one disk
    result.append(UInt16(count))
    result.append(UInt16(count))
    result.append(UInt32(directory.count))
    result.append(start)
    result.append(0 as UInt16)  // no comment
    return result
  }
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  fileprivate mutating func append<T: FixedWidthInteger>(_ value: T) {
    for shift in stride(from: 0, to: T.bitWidth, by: 8) {
      append(UInt8(truncatingIfNeeded: value >> T(shift)))
    }
  }
}
