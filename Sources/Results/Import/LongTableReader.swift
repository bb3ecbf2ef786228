import Records

/// Reads a long table, which has one row per run.
struct LongTableReader {
  private let table: CSVTable
  private let columns: TableColumns
  private let fields: FieldReader

  init(_ table: CSVTable, columns: TableColumns, name: String, values: TableValues) {
    self.table = table
    self.columns = columns
    fields = FieldReader(name: name, values: values, isWide: false)
  }

  func rows() throws(Failure) -> [TableRow] {
    let size = try index(ofOptional: columns.size, "`sizeColumn`")
    let strategy = try index(of: columns.strategy, "`strategyColumn`")
    let task = try columns.task.map { name throws(Failure) in try index(of: name, "`taskColumn`") }
    let accuracy = try index(of: columns.accuracy, "`accuracyColumn`")
    let similarity = try index(ofOptional: columns.similarity, "`similarityColumn`")
    let replicate = try index(ofOptional: columns.replicate, "`replicateColumn`")
    let cost = try index(ofOptional: columns.cost, "`costColumn`")
    let group = try index(ofOptional: columns.group, "`groupColumn`")
    var known: [String: (task: Similarity, line: Int)] = [:]
    var rows: [TableRow] = []
    for row in table.rows {
      let name = try task.map { column throws(Failure) in try text(row, column) }
        .joined(separator: " ")
      let place = Similarity.task(
        name,
        value: try similarity.flatMap { column throws(Failure) in
          try fields.similarity(field(row, column))
        })
      if let other = known[name], other.task != place {
        throw CSVRow.failure(
          fields.name, line: row.line,
          "the task '\(name)' has another similarity on line \(other.line)",
          "Give every task only one similarity.")
      }
      known[name] = known[name] ?? (place, row.line)
      rows.append(
        TableRow(
          line: row.line, task: place, size: try fields.size(size.map { field(row, $0) }),
          strategy: try text(row, strategy),
          replicate: try replicate.map { column throws(Failure) in try text(row, column) } ?? "",
          accuracy: try fields.accuracy(field(row, accuracy)),
          cost: try cost.flatMap { column throws(Failure) in
            try fields.cost(field(row, column))
          },
          group: try group.map { column throws(Failure) in try text(row, column) }))
    }
    return rows
  }

  private func index(ofOptional column: String?, _ option: String) throws(Failure) -> Int? {
    try column.map { name throws(Failure) in try index(of: name, option) }
  }

  private func index(of column: String, _ option: String) throws(Failure) -> Int {
    guard let index = table.columns.firstIndex(of: column) else {
      throw Failure(
        .badData, CSVRow.attempt, on: fields.name, because: "there is no column '\(column)'",
        remedy: "Set \(option) to one of \(table.columns.joined(separator: ", ")).")
    }
    return index
  }

  private func field(_ row: CSVRow, _ column: Int) -> TableField {
    TableField(row, column, named: table.columns[column])
  }

  private func text(_ row: CSVRow, _ column: Int) throws(Failure) -> String {
    try fields.text(field(row, column))
  }
}
