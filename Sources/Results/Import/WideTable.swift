package import Records

/// A table of comma-separated values with tasks as columns, by RFC 4180.
///
/// Below the header there is one row per strategy, or per strategy and size or repetition. The row
/// that pandas writes below the header, with only the name of its index, belongs to the header.
package struct WideTable: Sendable, Hashable {
  /// The largest number of columns; a larger table almost certainly has another layout.
  static let largestColumnCount = 2_000

  let name: String
  let layout: WideLayout
  let header: [CSVRow]
  let rows: [CSVRow]

  /// Reads a table.
  ///
  /// - Parameter name: the name of the table for errors, such as its file.
  /// - Throws: `Failure` of kind `badData` if the text is not UTF-8 or has no row below the header,
  ///   a quote is misplaced, a row has more or fewer fields than the first one, or there are more
  ///   than 2,000 columns.
  package init(_ bytes: [UInt8], name: String, layout: WideLayout) throws(Failure) {
    let records = try CSVParser.records(of: bytes, name: name)
    let columnCount = records[0].fields.count
    try CSVRow.check(records, columnCount: columnCount, name: name)
    guard columnCount <= Self.largestColumnCount else {
      throw Failure(
        .badData, CSVRow.attempt, on: name,
        because: "it has \(columnCount) columns, more than \(Self.largestColumnCount)",
        remedy: "Import parts of it, or leave out `wide` if tasks are not columns.")
    }
    let headerCount = Self.headerCount(of: records, rows: layout.headerRows)
    guard records.count > headerCount else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "there is no row below its header",
        remedy: "Set `headerRows` to the number of rows above the first strategy.")
    }
    self.name = name
    self.layout = layout
    header = Array(records.prefix(headerCount))
    rows = Array(records.dropFirst(headerCount))
  }

  /// How many records belong to the header: one more than its rows if only the first field of the
  /// next record has a text.
  private static func headerCount(of records: [CSVRow], rows: Int) -> Int {
    guard records.count > rows else { return records.count }
    return records[rows].isIndexName ? rows + 1 : rows
  }

  var columnCount: Int { header[0].fields.count }

  /// The texts of a column in the header, without empty ones.
  func titles(of column: Int) -> [String] {
    header.map { $0.fields[column].trimmed }.filter { !$0.isEmpty }
  }

  /// A field of a header row, which is counted from 1.
  func headerField(_ column: Int, inRow row: Int) -> TableField {
    TableField(header[row - 1], column, isHeader: true)
  }

  /// A field of a row below the header.
  func field(_ row: CSVRow, _ column: Int) -> TableField {
    let task = header[layout.taskRow - 1].fields[column].trimmed
    return TableField(row, column, title: task.isEmpty ? titles(of: column).first : task)
  }
}

extension CSVRow {
  /// Whether only the first of several fields may have a text.
  var isIndexName: Bool {
    fields.count > 1 && fields.dropFirst().allSatisfy { $0.trimmed.isEmpty }
  }
}
