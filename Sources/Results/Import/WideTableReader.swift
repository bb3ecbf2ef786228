import Records

/// Reads a wide table, which has tasks as columns: every field below a task is a run.
struct WideTableReader {
  private let table: WideTable
  private let fields: FieldReader

  init(_ table: WideTable, values: TableValues) {
    self.table = table
    fields = FieldReader(name: table.name, values: values, isWide: true)
  }

  func rows() throws(Failure) -> [TableRow] {
    let header = try WideHeader(table, fields: fields)
    var rows: [TableRow] = []
    for row in table.rows {
      let strategy = try fields.text(table.field(row, header.strategy))
      let replicate = try header.replicate.map { column throws(Failure) in
        try fields.text(table.field(row, column))
      }
      for column in header.tasks {
        rows.append(
          TableRow(
            line: row.line, task: .task(column.task),
            size: try size(of: column, in: row, header), strategy: strategy,
            replicate: replicate ?? "",
            accuracy: try fields.accuracy(table.field(row, column.index)), cost: nil,
            group: column.group))
      }
    }
    return rows
  }

  /// The size of a run: that of its column, of its row, or of the whole table.
  private func size(
    of column: WideHeader.Column, in row: CSVRow, _ header: WideHeader
  ) throws(Failure) -> TableSize {
    if let size = column.size { return size }
    return try fields.size(header.size.map { table.field(row, $0) })
  }
}
