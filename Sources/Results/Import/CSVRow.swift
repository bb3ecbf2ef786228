import Records

/// A row of a ``CSVTable``.
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
}
