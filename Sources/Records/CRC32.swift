import CZlib

/// The CRC-32 of zlib, gzip and PNG: polynomial 0x04C11DB7, bits reflected.
package enum CRC32 {
  /// The checksum of some bytes.
  package static func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
    bytes.withContiguousStorageIfAvailable { czlib_crc32($0.baseAddress, $0.count) }
      ?? checksum(Array(bytes))
  }
}
