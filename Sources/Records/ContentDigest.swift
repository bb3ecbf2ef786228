import Crypto

/// A SHA-256 under construction, fed with values in a fixed byte order (little-endian).
///
/// Texts and arrays are preceded by their length, so that no two sequences of values coincide.
package struct ContentDigest {
  private var hash = SHA256()

  package init() {}

  package mutating func update(_ text: String) {
    let bytes = Array(text.utf8)
    update(UInt64(bytes.count))
    hash.update(data: bytes)
  }

  package mutating func update(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { hash.update(bufferPointer: $0) }
  }

  /// Feeds the bit pattern, so that equal digests mean equal bits.
  package mutating func update(_ value: Double) { update(value.bitPattern) }

  package mutating func update(_ values: [Float]) {
    update(UInt64(values.count))
    // Every platform Swift runs on here is little-endian; the bytes are fed as they lie.
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  package mutating func update(_ values: [UInt8]) {
    update(UInt64(values.count))
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// Feeds a part of an array whose length was fed before.
  package mutating func append(_ values: [Float]) {
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// Feeds a part of an array whose length was fed before.
  package mutating func append(_ values: [UInt8]) {
    values.withUnsafeBytes { hash.update(bufferPointer: $0) }
  }

  /// The digest of everything fed so far, 64 hexadecimal digits.
  package func hexadecimal() -> String {
    hash.finalize().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The first eight bytes of the digest of some texts: a seed that depends on all of them.
  package static func seed(_ parts: String...) -> UInt64 {
    var digest = ContentDigest()
    for part in parts { digest.update(part) }
    return digest.hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
