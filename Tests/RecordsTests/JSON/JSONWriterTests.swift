import Foundation
import Records
import Testing

/// JSON values become text in three layouts.
struct JSONWriterTests {
  private static let layouts = [JSONLayout.line, .indented, .sorted]

  private static let value = JSONValue.object([
    "b": .integer(1), "a": .array([.null, .boolean(true), .number(0.5), .number(2)]),
    "d": .object([:]), "c": .array([]),
  ])

  /// One line has spaces after commas and colons, and whole numbers without a fraction.
  @Test func line() {
    let text = #"{"b": 1, "a": [null, true, 0.5, 2], "d": {}, "c": []}"#
    #expect(Self.value.text(.line) == text)
    #expect("\(Self.value)" == text)
  }

  /// Lines are indented, members keep their order, and whole numbers keep their fraction.
  @Test func indented() {
    #expect(
      Self.value.text(.indented) == """
        {
          "b": 1,
          "a": [
            null,
            true,
            0.5,
            2.0
          ],
          "d": {},
          "c": []
        }
        """)
  }

  private struct Sample: Encodable {
    var name = "a/b \"c\" é😀\n\u{1}"
    var count = 9_007_199_254_740_993
    var share = 0.1
    var small = 1e-7
    var large = 1e300
    var whole = 2.0
    var isOn = true
    var none: [Int] = []
    var nested = [["x": 1], [:]]
  }

  /// The sorted layout is that of Foundation's encoder.
  @Test func sorted() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let sample = Sample()
    let value = JSONValue.object([
      "name": .string(sample.name), "count": .integer(sample.count),
      "share": .number(sample.share), "small": .number(sample.small),
      "large": .number(sample.large), "whole": .number(sample.whole),
      "isOn": .boolean(sample.isOn), "none": .array([]),
      "nested": .array([.object(["x": .integer(1)]), .object([:])]),
    ])
    #expect(
      try value.text(.sorted) == String(decoding: encoder.encode(sample), as: UTF8.self))
  }

  /// Quotation marks, backslashes and control characters are escaped, in names as well; other
  /// characters are not.
  @Test func escapes() {
    #expect(
      JSONValue.string("\"\\/\u{0}\u{8}\u{C}\n\r\t\u{1F}").text(.line)
        == #""\"\\/\u0000\u0008\u000c\n\r\t\u001f""#)
    #expect(JSONValue.string("\u{7F}é😀\u{2028}").text(.line) == "\"\u{7F}é😀\u{2028}\"")
    #expect(JSONValue.object(["a\"b": .null]).text(.line) == #"{"a\"b": null}"#)
  }

  /// Integers have all their digits.
  @Test(arguments: [0, -1, 9_007_199_254_740_993, Int.max, Int.min])
  func integers(value: Int) throws {
    for layout in Self.layouts {
      let text = JSONValue.integer(value).text(layout)
      #expect(text == "\(value)")
      #expect(try JSONParser.parse(text.utf8) == .integer(value))
    }
  }

  /// Numbers that are not finite are written as `null`.
  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) {
    for layout in Self.layouts { #expect(JSONValue.number(value).text(layout) == "null") }
  }

  /// Written values are read as equal values; without fractions, whole numbers become integers.
  @Test func roundTrip() throws {
    let value = JSONValue.object([
      "": .string("\u{0}\"\\\u{7F}é😀\r\n"),
      "a": .array([.number(0.1), .number(.leastNonzeroMagnitude), .null]),
      "b": .object(["c": .number(-1.5e300), "d": .array([.array([]), .object([:])])]),
      "e": .integer(.min), "f": .boolean(false),
    ])
    for layout in Self.layouts {
      #expect(try JSONParser.parse(value.text(layout).utf8) == value)
    }
    let whole = JSONValue.array([.number(2), .number(1e15)])
    #expect(try JSONParser.parse(whole.text(.indented).utf8) == whole)
    let integers = JSONValue.array([.integer(2), .integer(1_000_000_000_000_000)])
    #expect(try JSONParser.parse(whole.text(.line).utf8) == integers)
  }

  /// Members are replaced in their place, added at the end and removed.
  @Test func members() {
    var object: JSONObject = ["a": .integer(1), "b": .integer(2)]
    object["a"] = .integer(3)
    object["c"] = .null
    object["b"] = nil
    object["d"] = nil
    let expected: JSONObject = ["a": .integer(3), "c": .null]
    #expect(object == expected)
    #expect(object["c"]?.isNull == true)
    #expect(object["b"] == nil)
  }

  /// Encodable values have one text, with sorted members and plain slashes.
  @Test func canonical() throws {
    #expect(try CanonicalJSON.encode(["b": "x/y", "a": "é"]) == #"{"a":"é","b":"x/y"}"#)
    #expect(CanonicalJSON.decode([Int].self, from: "[1, 2]") == [1, 2])
    #expect(CanonicalJSON.decode([Int].self, from: "[\"a\"]") == nil)
  }
}
