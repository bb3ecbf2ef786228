/// A line of comma-separated values.
enum CSVLine {
  /// The fields as RFC 4180 quotes them, but with a newline alone at the end.
  static func text(_ fields: [String]) -> String {
    fields.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    // Compared by scalar: a carriage return and a newline together are one character.
    guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else {
      return field
    }
    return "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
