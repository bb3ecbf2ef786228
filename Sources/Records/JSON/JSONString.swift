/// The strings of JSON: quotation marks and escapes.
enum JSONString {
  /// A text between quotation marks, with escapes for quotation marks, backslashes and control
  /// characters only.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// The text that the bytes between quotation marks stand for; `nil` if they are not valid UTF-8
  /// or have an unknown escape.
  static func decoded(_ content: ArraySlice<UInt8>) -> String? {
    guard content.contains(backslash) else { return String(validating: content, as: UTF8.self) }
    var decoded: [UInt8] = []
    var rest = content
    while let byte = rest.popFirst() {
      guard byte == backslash else {
        decoded.append(byte)
        continue
      }
      guard let code = rest.popFirst() else { return nil }
      switch code {
      case UInt8(ascii: "\""), backslash, UInt8(ascii: "/"): decoded.append(code)
      case UInt8(ascii: "b"): decoded.append(0x08)
      case UInt8(ascii: "f"): decoded.append(0x0C)
      case UInt8(ascii: "n"): decoded.append(0x0A)
      case UInt8(ascii: "r"): decoded.append(0x0D)
      case UInt8(ascii: "t"): decoded.append(0x09)
      case UInt8(ascii: "u"):
        guard let character = takeCharacter(from: &rest) else { return nil }
        decoded += character.utf8
      default: return nil
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  private static let backslash = UInt8(ascii: "\\")

  /// The character after `\u`, which takes a second escape if it is above U+FFFF; `nil` for half a
  /// character.
  private static func takeCharacter(from rest: inout ArraySlice<UInt8>) -> String? {
    guard let first = takeUnit(from: &rest) else { return nil }
    guard UTF16.isLeadSurrogate(first) else { return String(validating: [first], as: UTF16.self) }
    guard rest.popFirst() == backslash, rest.popFirst() == UInt8(ascii: "u"),
      let second = takeUnit(from: &rest)
    else { return nil }
    return String(validating: [first, second], as: UTF16.self)
  }

  /// Four hexadecimal digits.
  private static func takeUnit(from rest: inout ArraySlice<UInt8>) -> UInt16? {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
      return nil
    }
    rest.removeFirst(4)
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
