package import Records

/// A table of comma-separated values with a line of column names, by RFC 4180.
///
/// Quoted fields may contain commas, line breaks and doubled quotes. Lines end in CRLF, LF or CR. A
/// byte order mark and empty lines are skipped.
package struct CSVTable: Sendable, Hashable {
  /// The column names, without spaces around them.
  package let columns: [String]
  package let rows: [CSVRow]

  /// Reads a table.
  ///
  /// - Parameter name: the name of the table for errors, such as its file.
  /// - Throws: `Failure` of kind `badData` if the text is not UTF-8 or is empty, a quote is
  ///   misplaced, a row has more or fewer fields than there are columns, or two columns have the
  ///   same name; the error names the line if it concerns one.
  package init(_ bytes: [UInt8], name: String) throws(Failure) {
    let records = try CSVParser.records(of: bytes, name: name)
    let header = records[0]
    columns = header.fields.map { $0.trimmed }
    rows = Array(records.dropFirst())
    var seen: Set<String> = []
    for column in columns where !seen.insert(column).inserted {
      throw CSVRow.failure(
        name, line: header.line, "there are two columns '\(column)'", "Rename one of them.")
    }
    try CSVRow.check(rows, columnCount: columns.count, name: name)
  }
}

extension String {
  /// The text without spaces and tabs at its ends.
  var trimmed: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
  }
}
