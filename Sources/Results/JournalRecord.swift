import Foundation

/// How a payload lies in a journal: its length and its CRC-32, each as a little-endian `UInt32`,
/// and its bytes.
enum JournalRecord {
  static let prefixLength = 8

  static func bytes(of payload: Data) -> Data {
    var record = Data()
    for number in [UInt32(payload.count), CRC32.checksum(payload)] {
      withUnsafeBytes(of: number.littleEndian) { record.append(contentsOf: $0) }
    }
    return record + payload
  }

  /// The payload of the record that starts at `offset`, or `nil` where it is torn or damaged.
  static func payload(in bytes: Data, at offset: Int) -> Data? {
    let rest = bytes.dropFirst(offset)
    guard rest.count >= prefixLength else { return nil }
    let length = Int(number(in: rest))
    let payload = rest.dropFirst(prefixLength).prefix(length)
    // An empty payload is never written, but zeros behind the end look like one.
    guard length > 0, payload.count == length,
      CRC32.checksum(payload) == number(in: rest.dropFirst(4))
    else { return nil }
    return payload
  }

  private static func number(in bytes: Data) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
