import Records

/// A row of a table of comma-separated values.
package struct CSVRow: Sendable, Hashable {
  /// The line of the file on which the row starts, counted from 1.
  package let line: Int
  /// The fields of the row, one per column.
  package let fields: [String]

  static let attempt = "cannot import the table"

  /// The failure of a row that starts on `line` of the table `name`.
  static func failure(
    _ name: String, line: Int, _ reason: String, _ remedy: String? = nil
  ) -> Failure {
    Failure(.badData, attempt, on: "\(name), line \(line)", because: reason, remedy: remedy)
  }

  /// Throws the failure of the first row that does not have one field per column.
  static func check(
    _ rows: some Sequence<CSVRow>, columnCount: Int, name: String
  ) throws(Failure) {
    for row in rows where row.fields.count != columnCount {
      throw failure(
        name, line: row.line, "it has \(row.fields.count) fields for \(columnCount) columns",
        "Give one field per column, and quote fields that contain commas.")
    }
  }
}
