import Records

/// The format of a record in a journal: the payload's length, the complement of the length and the
/// payload's CRC-32, each as a little-endian `UInt32`, followed by the payload.
///
/// The complement distinguishes a record that was cut short, which any kill may cause, from one
/// whose length was damaged.
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

  /// The content at the start of some bytes of a journal.
  enum Finding: Equatable {
    case whole(payload: ArraySlice<UInt8>)
    /// A record without its end; `length` is the full length of the record, or of its prefix.
    case torn(length: Int)
    case damaged
    /// There are no bytes.
    case end
  }

  /// Finds the record at the start of some bytes.
  ///
  /// - Parameter bytes: the rest of the journal, or a part of the rest.
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
