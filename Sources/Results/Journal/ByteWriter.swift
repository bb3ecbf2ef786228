/// Encodes values as consecutive bytes: numbers little-endian, strings preceded by their length.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Writes the bit pattern, so that every number is read back unchanged.
  mutating func write(_ value: Double) { write(value.bitPattern) }

  mutating func write(_ text: String) {
    write(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// Decodes values that a ``ByteWriter`` wrote; returns `nil` if the bytes end too early or do not
/// hold a valid value.
struct ByteReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func read<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
    guard rest.count >= MemoryLayout<Value>.size else { return nil }
    let value = rest.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
    rest = rest.dropFirst(MemoryLayout<Value>.size)
    return Value(littleEndian: value)
  }

  mutating func readDouble() -> Double? { read(UInt64.self).map(Double.init(bitPattern:)) }

  mutating func readText() -> String? {
    guard let count = readCount(ofAtLeast: 1) else { return nil }
    defer { rest = rest.dropFirst(count) }
    return String(validating: rest.prefix(count), as: UTF8.self)
  }

  /// Reads the number of following items, each of at least `size` bytes; returns `nil` if the
  /// remaining bytes cannot hold them, so that a damaged number cannot request absurd memory.
  mutating func readCount(ofAtLeast size: Int) -> Int? {
    guard let count = read(UInt32.self).map(Int.init), count <= rest.count / size else {
      return nil
    }
    return count
  }
}
