import Records

/// How a payload lies in a journal: its length, the length's complement and the payload's CRC-32,
/// each as a little-endian `UInt32`, and its bytes.
///
/// The complement tells a record that was cut short, as every kill may do, from one whose length was
/// damaged.
enum JournalRecord {
  static let prefixLength = 12

  static func bytes(of payload: [UInt8]) -> [UInt8] {
    var bytes = ByteWriter()
    let length = UInt32(payload.count)
    bytes.write(length)
    bytes.write(~length)
    bytes.write(CRC32.checksum(payload))
    return bytes.bytes + payload
  }

  /// What the bytes from some place of a journal on begin with.
  enum Finding: Equatable {
    case whole(payload: ArraySlice<UInt8>)
    /// A record whose end is not there; it is so many bytes long.
    case torn(length: Int)
    case damaged
    /// There is nothing.
    case end
  }

  /// - Parameter bytes: all that is left of the journal, or as much as is read of it.
  static func find(in bytes: ArraySlice<UInt8>) -> Finding {
    if bytes.isEmpty { return .end }
    guard bytes.count >= prefixLength else { return .torn(length: prefixLength) }
    var prefix = ByteReader(bytes)
    guard let length = prefix.read(UInt32.self), let complement = prefix.read(UInt32.self),
      let checksum = prefix.read(UInt32.self), length == ~complement
    else { return .damaged }
    let payload = bytes.dropFirst(prefixLength).prefix(Int(length))
    guard payload.count == Int(length) else { return .torn(length: prefixLength + Int(length)) }
    return CRC32.checksum(payload) == checksum ? .whole(payload: payload) : .damaged
  }
}
