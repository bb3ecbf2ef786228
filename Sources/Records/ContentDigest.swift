import COpenSSL

/// An incremental SHA-256 over values in a fixed byte order (little-endian).
///
/// Strings and arrays are preceded by their lengths, so that different sequences of values are
/// different sequences of bytes.
package struct ContentDigest: ~Copyable {
  /// OpenSSL's digest state.
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      preconditionFailure("OpenSSL offers no SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  private mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      preconditionFailure("OpenSSL refuses bytes for a SHA-256")
    }
  }

  package mutating func update(_ text: String) { update(Array(text.utf8)) }

  package mutating func update(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { feed($0) }
  }

  /// Feeds the bit pattern, so that equal digests mean equal bits.
  package mutating func update(_ value: Double) { update(value.bitPattern) }

  package mutating func update(_ values: [Float]) {
    update(UInt64(values.count))
    append(values)
  }

  package mutating func update(_ values: [UInt8]) {
    update(UInt64(values.count))
    append(values)
  }

  /// Feeds a part of an array whose length was fed before.
  ///
  /// The bytes are fed in memory order: every supported platform is little-endian.
  package mutating func append(_ values: [Float]) { values.withUnsafeBytes { feed($0) } }

  /// Feeds a part of an array whose length was fed before.
  package mutating func append(_ values: [UInt8]) { values.withUnsafeBytes { feed($0) } }

  /// The digest of everything fed so far: 64 hexadecimal digits.
  package consuming func hexadecimal() -> String {
    finish().map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  private consuming func finish() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      guard EVP_DigestFinal_ex(context, buffer.baseAddress, nil) == 1 else {
        preconditionFailure("OpenSSL does not finish a SHA-256")
      }
      count = 32
    }
  }

  /// A seed that depends on all of some strings: the first eight bytes of their digest.
  package static func seed(_ parts: String...) -> UInt64 {
    var digest = ContentDigest()
    for part in parts { digest.update(part) }
    return digest.finish().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
