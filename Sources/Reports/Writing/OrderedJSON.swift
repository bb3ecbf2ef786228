/// A JSON value whose objects keep the order in which their members were given.
enum OrderedJSON {
  case null
  case boolean(Bool)
  case integer(Int)
  /// Written with as many digits as identify it; `null` if it is not finite, which JSON lacks.
  case number(Double)
  case string(String)
  case array([OrderedJSON])
  case object([(String, OrderedJSON)])

  static func number(_ value: Double?) -> OrderedJSON { value.map { .number($0) } ?? .null }

  static func string(_ value: String?) -> OrderedJSON { value.map { .string($0) } ?? .null }

  /// The document, indented by two spaces per level, without a newline at the end.
  func rendered(indent: Int = 0) -> String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): OrderedJSON.quoted(value)
    case .array(let values):
      OrderedJSON.block("[", values.map { $0.rendered(indent: indent + 2) }, "]", indent)
    case .object(let members):
      OrderedJSON.block(
        "{",
        members.map { "\(OrderedJSON.quoted($0.0)): \($0.1.rendered(indent: indent + 2))" }, "}",
        indent)
    }
  }

  private static func block(
    _ open: String, _ items: [String], _ close: String, _ indent: Int
  ) -> String {
    if items.isEmpty { return open + close }
    let margin = String(repeating: " ", count: indent)
    return "\(open)\n\(margin)  " + items.joined(separator: ",\n\(margin)  ")
      + "\n\(margin)\(close)"
  }

  private static func quoted(_ text: String) -> String {
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
}
