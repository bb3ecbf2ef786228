/// A strict JSON parser for untrusted input, with a depth limit and exact error positions.
///
/// It reads UTF-8 by the grammar of RFC 8259, with or without a byte order mark. An object may not
/// have two members of one name. Numbers must be finite: Python writes `NaN` and `Infinity`, which
/// JSON does not have.
package struct JSONParser {
  /// The limit to the depth; a model in a model takes about six levels.
  private static let deepest = 128
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  package static func parse(_ bytes: some Collection<UInt8>) throws(SyntaxError) -> JSONValue {
    var parser = JSONParser(bytes: Array(bytes))
    return try parser.document()
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func stumble(_ reason: String) -> SyntaxError {
    SyntaxError(reason, at: offset, in: bytes)
  }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      offset += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func document() throws(SyntaxError) -> JSONValue {
    if bytes.starts(with: JSONParser.byteOrderMark) { offset = JSONParser.byteOrderMark.count }
    let value = try value()
    skipSpace()
    guard offset == bytes.count else { throw stumble("text follows the value") }
    return value
  }

  private mutating func value() throws(SyntaxError) -> JSONValue {
    skipSpace()
    guard let first = next else { throw stumble("the text ends too early") }
    switch first {
    case UInt8(ascii: "{"): return try nested { parser throws(SyntaxError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(SyntaxError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try text())
    default: return try word()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(SyntaxError) -> JSONValue
  ) throws(SyntaxError) -> JSONValue {
    guard depth < JSONParser.deepest else {
      throw stumble("it is nested more than \(JSONParser.deepest) levels deep")
    }
    depth += 1
    offset += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  private mutating func object() throws(SyntaxError) -> JSONValue {
    var members: [(String, JSONValue)] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object(JSONObject()) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw stumble("a member's name is missing") }
      let name = try text()
      guard names.insert(name).inserted else { throw stumble("'\(name)' occurs twice") }
      skipSpace()
      guard take(":") else { throw stumble("a colon is missing") }
      members.append((name, try value()))
      skipSpace()
    } while take(",")
    guard take("}") else { throw stumble("a closing brace is missing") }
    return .object(JSONObject(members))
  }

  private mutating func array() throws(SyntaxError) -> JSONValue {
    var values: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    repeat {
      values.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw stumble("a closing bracket is missing") }
    return .array(values)
  }

  /// A string between quotation marks.
  private mutating func text() throws(SyntaxError) -> String {
    let start = offset
    offset += 1
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw stumble("a string contains a control character") }
      offset += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    guard take("\"") else {
      offset = start
      throw stumble("a string does not end")
    }
    guard let text = JSONString.decoded(bytes[start + 1..<offset - 1]) else {
      offset = start
      throw stumble("a string is not valid UTF-8 or has an unknown escape")
    }
    return text
  }

  /// A value without quotation marks and brackets.
  private mutating func word() throws(SyntaxError) -> JSONValue {
    let start = offset
    while let byte = next, !",]} \n\r\t".utf8.contains(byte) { offset += 1 }
    let word = String(decoding: bytes[start..<offset], as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default:
      guard let number = JSONNumber.value(of: word) else {
        offset = start
        throw stumble("'\(word.prefix(20))' is not a value")
      }
      return number
    }
  }
}
