import Foundation

/// A strict JSON parser for untrusted input, with a depth limit and exact error positions.
///
/// Numbers must be finite. Python writes `NaN` and `Infinity`, which no setting of a layer can be.
struct JSONParser {
  /// The reason why a text is not JSON, and the offset of the byte.
  struct SyntaxError: Error, Hashable {
    let offset: Int
    let reason: String
  }

  /// The limit to the depth; a model in a model takes about six levels.
  private static let deepest = 128

  private let bytes: [UInt8]
  private var offset = 0
  private var depth = 0

  static func parse(_ bytes: [UInt8]) throws(SyntaxError) -> JSONValue {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.offset == bytes.count else { throw parser.stumble("text follows the value") }
    return value
  }

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func stumble(_ reason: String) -> SyntaxError {
    SyntaxError(offset: offset, reason: reason)
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

  /// A string between quotation marks; Foundation decodes the escapes.
  private mutating func text() throws(SyntaxError) -> String {
    let start = offset
    offset += 1
    var hasEscapes = false
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw stumble("a string contains a control character") }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        offset += 1
      }
      offset += 1
    }
    guard take("\"") else {
      offset = start
      throw stumble("a string does not end")
    }
    let content = bytes[start + 1..<offset - 1]
    if !hasEscapes, let text = String(validating: content, as: UTF8.self) { return text }
    let value = try? JSONSerialization.jsonObject(
      with: Data(bytes[start..<offset]), options: .fragmentsAllowed)
    guard let text = value as? String else {
      offset = start
      throw stumble("a string is not valid UTF-8 or has an unknown escape")
    }
    return text
  }

  private mutating func word() throws(SyntaxError) -> JSONValue {
    let start = offset
    while let byte = next, !",]} \n\r\t".utf8.contains(byte) { offset += 1 }
    let word = String(decoding: bytes[start..<offset], as: UTF8.self)
    switch word {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default:
      // 64 characters are more than any sensible number has.
      guard word.count <= 64, word.utf8.allSatisfy({ "+-.eE0123456789".utf8.contains($0) }),
        let number = Double(word), number.isFinite
      else {
        offset = start
        throw stumble("'\(word.prefix(20))' is not a value")
      }
      return .number(number)
    }
  }
}
