import Records
import Testing

/// JSON text becomes values; anything else is refused, with its position.
struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(text.utf8) }

  private func refusal(of text: some Collection<UInt8>) -> JSONParser.SyntaxError? {
    do {
      _ = try JSONParser.parse(text)
      return nil
    } catch {
      return error
    }
  }

  /// Every kind of value is read, and members keep their order.
  @Test(
    arguments: [
      ("null", .null), (" true\t", .boolean(true)), ("[false]\r\n", .array([.boolean(false)])),
      ("0", .integer(0)), ("-7", .integer(-7)), ("1e3", .number(1000)), ("2.50", .number(2.5)),
      ("2.0", .number(2)), ("-1.5E-2", .number(-0.015)), ("\"\"", .string("")), ("[]", .array([])),
      ("{}", .object([:])), ("[1, [\"a\"]]", .array([.integer(1), .array([.string("a")])])),
      (
        "{\"b\": 1, \"a\": {\"c\": null}}",
        .object(["b": .integer(1), "a": .object(["c": .null])])
      ),
    ] as [(String, JSONValue)])
  func values(text: String, value: JSONValue) throws { #expect(try parse(text) == value) }

  /// Integers are exact as far as an `Int` reaches, and numbers beyond.
  @Test func largeIntegers() throws {
    #expect(try parse("9007199254740993") == .integer(9_007_199_254_740_993))
    #expect(try parse("9223372036854775807") == .integer(.max))
    #expect(try parse("-9223372036854775808") == .integer(.min))
    #expect(try parse("9223372036854775808") == .number(9_223_372_036_854_775_808))
  }

  /// A negative zero keeps its sign.
  @Test func negativeZero() throws { #expect(try parse("-0").number?.sign == .minus) }

  /// Whole numbers can be read as integers, and integers as numbers.
  @Test func conversions() {
    #expect(JSONValue.number(1000).integer == 1000)
    #expect(JSONValue.number(2.5).integer == nil)
    #expect(JSONValue.integer(3).number == 3)
    #expect(JSONValue.boolean(true).number == nil)
    #expect(JSONValue.string("3").integer == nil)
  }

  /// Numbers that JSON does not have are refused.
  @Test(arguments: [
    "01", "-01", "+1", "1.", ".5", "1e", "1e+", "-", "--1", "0x10", "1_000", "1e999", "NaN",
    "Infinity", "-Infinity", "٣", String(repeating: "1", count: 65), "nul", "True",
  ])
  func noValue(text: String) {
    let refusal = refusal(of: text.utf8)
    #expect(refusal?.reason == "'\(text.prefix(20))' is not a value")
    #expect(refusal?.offset == 0)
  }

  /// Escapes stand for characters, of which those above U+FFFF take two.
  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "Aé€"),
    (#""a\ud83d\uDE00b""#, "a😀b"), (#""\u0000""#, "\0"), ("\"é😀\"", "é😀"),
  ])
  func escapes(text: String, value: String) throws {
    #expect(try parse(text) == .string(value))
  }

  /// Unknown escapes, halves of characters and invalid UTF-8 are refused.
  @Test func invalidStrings() {
    let texts = [
      #""\x""#, #""\u12""#, #""\u+123""#, #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#,
      #""\ud83dx""#,
    ]
    let notUTF8: [[UInt8]] = [[0x22, 0xFF, 0x22], [0x22, 0xFF, 0x5C, 0x6E, 0x22]]
    for bytes in texts.map({ Array($0.utf8) }) + notUTF8 {
      let refusal = refusal(of: bytes)
      #expect(refusal?.reason == "a string is not valid UTF-8 or has an unknown escape")
      #expect(refusal?.offset == 0)
    }
  }

  /// Errors have the byte, the line and the column.
  @Test(arguments: [
    ("", "the text ends too early", 0, 1, 1), ("{", "a member's name is missing", 1, 1, 2),
    ("[1,\n  2 3]", "a closing bracket is missing", 8, 2, 5),
    ("{\"é\": x}", "'x' is not a value", 7, 1, 7), ("[1] 2", "text follows the value", 4, 1, 5),
    ("{\"a\" 1}", "a colon is missing", 5, 1, 6),
    ("{\"a\": 1", "a closing brace is missing", 7, 1, 8),
    ("{\"a\": 1,}", "a member's name is missing", 8, 1, 9), ("[1,]", "'' is not a value", 3, 1, 4),
    ("{\"a\": 1, \"a\": 2}", "'a' occurs twice", 12, 1, 13),
    ("[\"abc", "a string does not end", 1, 1, 2), ("[\"abc\\", "a string does not end", 1, 1, 2),
    ("\"a\u{1}\"", "a string contains a control character", 2, 1, 3),
  ])
  func positions(text: String, reason: String, offset: Int, line: Int, column: Int) {
    let refusal = refusal(of: text.utf8)
    #expect(refusal?.reason == reason)
    #expect(refusal?.offset == offset)
    #expect(refusal?.line == line)
    #expect(refusal?.column == column)
    #expect(refusal?.description == "\(reason) (line \(line), column \(column))")
  }

  /// Values may be 128 levels deep.
  @Test func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try parse(nested(128))
    #expect(refusal(of: nested(129).utf8)?.reason.contains("levels deep") == true)
    #expect(
      refusal(of: String(repeating: "{\"a\":", count: 100_000).utf8)?.reason.contains("levels deep")
        == true)
  }

  /// A byte order mark at the start is skipped, as editors on Windows write it.
  @Test func byteOrderMark() throws {
    #expect(try parse("\u{FEFF}[]") == .array([]))
    #expect(refusal(of: "[\u{FEFF}]".utf8) != nil)
  }
}
