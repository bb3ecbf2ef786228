/// A field of a table, with its position for errors.
struct TableField {
  /// The text without spaces around it.
  let text: String
  let line: Int
  /// The name of the column, such as `'acc'` or `column 3 (CIFAR-100)`.
  let column: String
  /// Where the field is in its row, such as `under 'acc'` or `in column 3 (CIFAR-100)`.
  let position: String
  /// Whether the field belongs to the header of a wide table.
  let isHeader: Bool

  /// A field of a long table, whose columns have names.
  init(_ row: CSVRow, _ index: Int, named name: String) {
    text = row.fields[index].trimmed
    line = row.line
    column = "'\(name)'"
    position = "under '\(name)'"
    isHeader = false
  }

  /// A field of a wide table, whose columns are known by their number.
  ///
  /// - Parameter title: the name of the column, if there is one.
  init(_ row: CSVRow, _ index: Int, title: String? = nil, isHeader: Bool = false) {
    text = row.fields[index].trimmed
    line = row.line
    column = "column \(index + 1)" + (title.map { " (\($0.shortened))" } ?? "")
    position = "in \(column)"
    self.isHeader = isHeader
  }
}

extension String {
  /// The text with at most 60 characters, for errors.
  var shortened: String { count <= 60 ? self : String(prefix(60)) + "…" }
}
