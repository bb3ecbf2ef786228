package import Records

/// A table of comma-separated values with a line of column names, after RFC 4180.
///
/// Fields may be quoted; inside quotes stand commas, line breaks and doubled quotes. Lines end in
/// CRLF or LF, a byte order mark is skipped, and so are empty lines.
package struct CSVTable: Sendable, Hashable {
  /// The column names, spaces around them removed.
  package let columns: [String]
  package let rows: [Row]

  package struct Row: Sendable, Hashable {
    /// Where the row starts in the file, counted from 1.
    package let line: Int
    /// As many as there are columns.
    package let fields: [String]
  }

  static let attempt = "cannot import the table"

  /// Reads a table.
  ///
  /// - Parameter name: what errors call the table: its file.
  /// - Throws: `Failure` of kind `badData`, with the line, where the text is not UTF-8, a quote is
  ///   out of place, a row has more or fewer fields than there are columns, or two columns have
  ///   the same name.
  package init(_ bytes: [UInt8], name: String) throws(Failure) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .badData, Self.attempt, on: name, because: "it is not UTF-8 text",
        remedy: "Save it as comma-separated values in UTF-8.")
    }
    var parser = CSVParser(text, name: name)
    let records = try parser.records()
    guard let header = records.first else {
      throw Failure(
        .badData, Self.attempt, on: name, because: "it is empty",
        remedy: "Give a table whose first line names the columns.")
    }
    columns = header.fields.map { $0.trimmed }
    rows = Array(records.dropFirst())
    var seen: Set<String> = []
    for column in columns where !seen.insert(column).inserted {
      throw Self.failure(
        name, line: header.line, "there are two columns '\(column)'", "Rename one of them.")
    }
    for row in rows where row.fields.count != columns.count {
      throw Self.failure(
        name, line: row.line, "it has \(row.fields.count) fields under \(columns.count) columns",
        "Fill it up, and quote fields that contain commas.")
    }
  }

  static func failure(
    _ name: String, line: Int, _ reason: String, _ remedy: String? = nil
  ) -> Failure {
    Failure(.badData, attempt, on: "\(name), line \(line)", because: reason, remedy: remedy)
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
