import Foundation

/// The bytes of a pickle, which are read one after the other.
struct PickleBytes {
  private let bytes: [UInt8]
  /// The number of bytes that were read.
  private(set) var offset = 0

  private static let longestText = 16 << 20
  private static let longestLine = 1_000

  init(_ data: Data) { bytes = Array(data) }

  var isAtEnd: Bool { offset == bytes.count }

  /// The next bytes.
  mutating func bytes(_ count: Int) throws(PickleProblem) -> ArraySlice<UInt8> {
    guard count <= bytes.count - offset else { throw PickleProblem("it is cut off") }
    defer { offset += count }
    return bytes[offset..<offset + count]
  }

  /// An unsigned integer of 1 to 8 bytes, the least significant byte first.
  mutating func integer(bytes count: Int) throws(PickleProblem) -> Int {
    let value = try bytes(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let integer = Int(exactly: value) else { throw PickleProblem("it is cut off") }
    return integer
  }

  /// A text in UTF-8 after its length.
  mutating func text(lengthBytes: Int) throws(PickleProblem) -> String {
    let length = try integer(bytes: lengthBytes)
    guard length <= PickleBytes.longestText else {
      throw PickleProblem("a text in it has \(length) bytes")
    }
    return try text(try bytes(length))
  }

  /// A text in UTF-8 that ends with a line feed.
  mutating func line() throws(PickleProblem) -> String {
    let line = bytes[offset...].prefix(PickleBytes.longestLine).prefix { $0 != UInt8(ascii: "\n") }
    let text = try text(try bytes(line.count))
    guard try integer(bytes: 1) == Int(UInt8(ascii: "\n")) else {
      throw PickleProblem("a name in it has more than \(PickleBytes.longestLine) bytes")
    }
    return text
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(PickleProblem) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw PickleProblem("a text in it is not UTF-8")
    }
    return text
  }
}
