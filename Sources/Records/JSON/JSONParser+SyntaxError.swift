extension JSONParser {
  /// The reason why a text is not JSON, and where.
  package struct SyntaxError: Error, Hashable {
    package let reason: String
    /// The offset of the byte.
    package let offset: Int
    /// The line, counted from 1.
    package let line: Int
    /// The position of the character in its line, counted from 1.
    package let column: Int

    init(_ reason: String, at offset: Int, in bytes: [UInt8]) {
      self.reason = reason
      self.offset = offset
      let before = bytes[..<offset]
      let newline = UInt8(ascii: "\n")
      line = 1 + before.count { $0 == newline }
      let start = before.lastIndex(of: newline).map { $0 + 1 } ?? before.startIndex
      column = 1 + String(decoding: before[start...], as: UTF8.self).count
    }
  }
}

extension JSONParser.SyntaxError: CustomStringConvertible {
  /// The reason, with the line and the column.
  package var description: String { "\(reason) (line \(line), column \(column))" }
}
