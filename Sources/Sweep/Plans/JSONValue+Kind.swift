import Records

extension JSONValue {
  /// A short description of the value, for errors; whole numbers have no fraction.
  var kind: String {
    switch self {
    case .null, .boolean, .integer, .number: description
    case .string(let value): "'\(value)'"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
