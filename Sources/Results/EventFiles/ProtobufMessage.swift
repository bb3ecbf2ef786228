/// A message in the wire format of Protocol Buffers, written field by field.
///
/// An event file needs a dozen fields of four types, which do not justify a dependency on a library
/// and on generated code. As in proto3, the caller leaves out fields that have their default value.
struct ProtobufMessage {
  private var writer = ByteWriter()

  var bytes: [UInt8] { writer.bytes }

  init(_ fill: (inout ProtobufMessage) -> Void) { fill(&self) }

  mutating func add(_ field: Int, _ value: Int) {
    key(field, wireType: 0)
    varint(UInt64(bitPattern: Int64(value)))
  }

  mutating func add(_ field: Int, _ value: Double) {
    key(field, wireType: 1)
    writer.write(value)
  }

  mutating func add(_ field: Int, _ value: Float) {
    key(field, wireType: 5)
    writer.write(value.bitPattern)
  }

  mutating func add(_ field: Int, _ text: String) { add(field, Array(text.utf8)) }

  mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

  private mutating func add(_ field: Int, _ bytes: [UInt8]) {
    key(field, wireType: 2)
    varint(UInt64(bytes.count))
    for byte in bytes { writer.write(byte) }
  }

  private mutating func key(_ field: Int, wireType: Int) {
    varint(UInt64(field << 3 | wireType))
  }

  /// Writes seven bits a byte, the lowest first; all bytes but the last have the highest bit set.
  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      writer.write(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    writer.write(UInt8(rest))
  }
}
