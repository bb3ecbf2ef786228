/// The CRC-32C of RFC 3720 (iSCSI): polynomial 0x1EDC6F41, bits reflected.
///
/// zlib's CRC-32 has another polynomial.
package enum CRC32C {
  /// The checksums of all single bytes, not inverted.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 0 ? 0 : 0x82F6_3B78) }
  }

  /// The checksum of some bytes.
  package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ sum >> 8 }
  }

  /// The checksum as TFRecord files store it: rotated right by 15 bits, plus a constant.
  ///
  /// A checksum of bytes that contain their own checksum would be problematic.
  package static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
