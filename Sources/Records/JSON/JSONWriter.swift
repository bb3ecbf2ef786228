/// Writes a JSON value as text.
struct JSONWriter {
  private let layout: JSONLayout
  private(set) var text = ""
  private var depth = 0

  init(_ layout: JSONLayout) { self.layout = layout }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: text += "null"
    case .boolean(let value): text += "\(value)"
    case .integer(let value): text += "\(value)"
    case .number(let value):
      text += JSONNumber.text(of: value, keepsFraction: layout.keepsFractions)
    case .string(let value): text += JSONString.quoted(value)
    case .array(let values): write(values, between: "[", "]") { $0.write($1) }
    case .object(let object):
      let members =
        layout.sortsMembers ? object.members.sorted { $0.name < $1.name } : object.members
      write(members, between: "{", "}") { writer, member in
        writer.text += JSONString.quoted(member.name) + writer.layout.colon
        writer.write(member.value)
      }
    }
  }

  private mutating func write<Item>(
    _ items: [Item], between open: String, _ close: String,
    _ writeItem: (inout JSONWriter, Item) -> Void
  ) {
    text += open
    depth += 1
    for (index, item) in items.enumerated() {
      if index > 0 { text += layout.hasLines ? "," : ", " }
      breakLine()
      writeItem(&self, item)
    }
    depth -= 1
    if items.isEmpty && layout.breaksEmpty { text += "\n" }
    if !items.isEmpty || layout.breaksEmpty { breakLine() }
    text += close
  }

  private mutating func breakLine() {
    if layout.hasLines { text += "\n" + String(repeating: "  ", count: depth) }
  }
}

extension JSONValue {
  /// The value as JSON text, without a newline at the end.
  package func text(_ layout: JSONLayout) -> String {
    var writer = JSONWriter(layout)
    writer.write(self)
    return writer.text
  }
}

extension JSONValue: CustomStringConvertible {
  /// The JSON text on one line.
  package var description: String { text(.line) }
}
