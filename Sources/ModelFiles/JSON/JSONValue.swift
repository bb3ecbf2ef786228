/// A JSON document, with the members of objects in the order of the text.
package indirect enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// An object with these members.
  package static func members(_ members: (String, JSONValue)...) -> JSONValue {
    .object(JSONObject(members))
  }

  /// An array of whole numbers.
  package static func integers(_ values: [Int]) -> JSONValue {
    .array(values.map { .number(Double($0)) })
  }

  /// The number as people write a `Float`: 0.99 rather than 0.9900000095367432.
  package static func float(_ value: Float) -> JSONValue {
    .number(Double("\(value)") ?? Double(value))
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
  package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The number as an integer; `nil` if it has a fraction.
  package var integer: Int? { number.flatMap { Int(exactly: $0) } }
  package var isNull: Bool { self == .null }
}

/// The members of a JSON object, in the order of the text.
package struct JSONObject: Sendable, Hashable {
  package private(set) var members: [Member]

  package struct Member: Sendable, Hashable {
    package let name: String
    package let value: JSONValue
  }

  package init(_ members: [(String, JSONValue)] = []) {
    self.members = members.map { Member(name: $0.0, value: $0.1) }
  }

  /// The value of a member; setting `nil` does nothing.
  package subscript(name: String) -> JSONValue? {
    get { members.first { $0.name == name }?.value }
    set {
      guard let newValue else { return }
      let member = Member(name: name, value: newValue)
      if let position = members.firstIndex(where: { $0.name == name }) {
        members[position] = member
      } else {
        members.append(member)
      }
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// The JSON text, on one line.
  package var description: String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
    case .string(let value): JSONValue.quoted(value)
    case .array(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .object(let object):
      "{"
        + object.members.map { "\(JSONValue.quoted($0.name)): \($0.value)" }
        .joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
