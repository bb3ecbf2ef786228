/// Builds one message between a process and its reader: numbers in little-endian order, strings in
/// UTF-8 after their length.
package struct MessageWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func append(_ byte: UInt8) { bytes.append(byte) }

  package mutating func append(_ number: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) {
      bytes.append(contentsOf: $0)
    }
  }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ texts: [String]) {
    append(texts.count)
    for text in texts { append(text) }
  }

  mutating func append(_ numbers: [Int]) {
    append(numbers.count)
    for number in numbers { append(number) }
  }
}

/// Parses a message without trusting it: a malicious file may control the process that sent it.
package struct MessageReader {
  private var rest: ArraySlice<UInt8>

  package init(_ bytes: [UInt8]) { rest = bytes[...] }

  package mutating func byte() throws(MalformedMessage) -> UInt8 {
    guard let byte = rest.popFirst() else { throw MalformedMessage("it ends too early") }
    return byte
  }

  /// Reads a number that is not negative.
  package mutating func number() throws(MalformedMessage) -> Int {
    let bytes = try take(MemoryLayout<UInt64>.size)
    let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: bits) else { throw MalformedMessage("a number is negative") }
    return number
  }

  mutating func text() throws(MalformedMessage) -> String {
    let bytes = try take(try number())
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw MalformedMessage("a string is not UTF-8")
    }
    return text
  }

  mutating func texts() throws(MalformedMessage) -> [String] {
    var texts: [String] = []
    // Every string takes some bytes, so a forged count ends with the message.
    for _ in 0..<(try number()) { texts.append(try text()) }
    return texts
  }

  mutating func numbers() throws(MalformedMessage) -> [Int] {
    var numbers: [Int] = []
    for _ in 0..<(try number()) { numbers.append(try number()) }
    return numbers
  }

  func end() throws(MalformedMessage) {
    guard rest.isEmpty else { throw MalformedMessage("it has \(rest.count) bytes too many") }
  }

  private mutating func take(_ count: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw MalformedMessage("it ends too early") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }
}

/// The error for a malformed message.
package struct MalformedMessage: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
