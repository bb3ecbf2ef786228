/// The layout that a table seems to have, if its tasks seem to be columns.
package struct WideGuess: Sendable, Hashable {
  /// How many rows the header has.
  package let headerRows: Int
  /// The header row with the sizes, counted from 1; `nil` if the header has none.
  package let sizeRow: Int?
  /// The words in the header row of sizes.
  package let sizeWords: [String]
  /// Header texts of columns that do not hold numbers.
  package let skippedColumns: [String]
  /// Whether accuracies are above 1.
  package let isPercent: Bool

  /// Guesses the layout; `nil` if the table is not read, or its tasks do not seem to be columns.
  ///
  /// They seem to be if the first column has a different text in every row, and most of the other
  /// columns hold numbers.
  ///
  /// - Parameter columns: the names of the columns if the table is a long one: if it has all of
  ///   them, the guess is `nil`.
  package init?(_ bytes: [UInt8], unless columns: TableColumns?) {
    guard let records = try? CSVParser.records(of: bytes, name: "") else { return nil }
    let rows = records.map { $0.fields.map { $0.trimmed } }
    let width = rows[0].count
    guard (3...WideTable.largestColumnCount).contains(width),
      rows.allSatisfy({ $0.count == width }), columns?.fit(rows[0]) != true,
      let taskRow = rows.prefix(8).lastIndex(where: Self.isText)
    else { return nil }
    let data = zip(records, rows).dropFirst(taskRow + 1).filter { !$0.0.isIndexName }.map(\.1)
    let others = 1..<width
    let numeric = others.filter { column in
      let fields = data.map { $0[column] }.filter { !$0.isEmpty }
      return !fields.isEmpty && fields.allSatisfy(Self.isNumber)
    }
    let names = data.map { $0[0] }
    guard data.count >= 2, numeric.count >= 2, 2 * numeric.count >= others.count,
      Set(names).count == names.count, !names.contains(where: { $0.isEmpty || Self.isNumber($0) })
    else { return nil }
    // Of the rows above the tasks, the one with the most numbers.
    let sizes = (0..<taskRow).max { left, right in
      rows[left].count(where: Self.isNumber) < rows[right].count(where: Self.isNumber)
    }
    let titles = rows[sizes ?? taskRow]
    let textual = Set(others).subtracting(numeric)
    let skipped = others.map { titles[$0] }.uniqued.filter { title in
      let columns = others.filter { titles[$0] == title }
      return !title.isEmpty && !Self.isNumber(title)
        && 2 * columns.count(where: { textual.contains($0) }) > columns.count
    }
    let kept = others.filter { !skipped.contains(titles[$0]) }
    let stray = kept.filter { textual.contains($0) }.map { rows[taskRow][$0] }
    let tasks = kept.filter { !textual.contains($0) }
    headerRows = taskRow + 1
    sizeRow = sizes.map { $0 + 1 }
    sizeWords =
      sizes == nil ? [] : tasks.map { titles[$0] }.uniqued.filter { !Self.isNumber($0) }
    skippedColumns = skipped + stray.filter { !$0.isEmpty }.uniqued
    isPercent = data.contains { row in tasks.contains { (Double(row[$0]) ?? 0) > 1 } }
  }

  /// Whether most fields after the first are texts.
  private static func isText(_ row: [String]) -> Bool {
    let texts = row.dropFirst().count { !$0.isEmpty && !isNumber($0) }
    return 2 * texts > row.count - 1
  }

  private static func isNumber(_ text: String) -> Bool { Double(text)?.isFinite == true }
}
