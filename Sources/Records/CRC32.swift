/// The CRC-32 of zlib, gzip and PNG: polynomial 0x04C11DB7, bits reflected.
package enum CRC32 {
  /// The remainder of every byte, with the reflected polynomial.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 0 ? remainder >> 1 : 0xEDB8_8320 ^ (remainder >> 1)
    }
  }

  package static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      func remainder(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder = ~UInt32(0)
        for byte in bytes {
          remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8)
        }
        return ~remainder
      }
      return bytes.withContiguousStorageIfAvailable(remainder) ?? remainder(bytes)
    }
  }
}
