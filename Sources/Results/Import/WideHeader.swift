import Records

/// What the columns of a wide table are, by its header.
struct WideHeader {
  /// A column of accuracies.
  struct Column {
    let index: Int
    let task: String
    /// The number of training examples; `nil` if the header does not have it.
    let size: TableSize?
    /// The group of the task; `nil` if the header has no groups.
    let group: String?
  }

  let strategy: Int
  /// The column of sizes; `nil` if there is none.
  let size: Int?
  /// The column of repetitions; `nil` if there is none.
  let replicate: Int?
  let tasks: [Column]

  init(_ table: WideTable, fields: FieldReader) throws(Failure) {
    let layout = table.layout
    strategy = try table.index(of: layout.strategyColumn, "`strategyColumn`") ?? 0
    size = try table.index(of: layout.sizeColumn, "`sizeColumn`")
    replicate = try table.index(of: layout.replicateColumn, "`replicateColumn`")
    let others = [strategy, size, replicate].compactMap { $0 }
    let left = try table.skippedColumns().union(others)
    tasks = try Self.tasks(
      in: (0..<table.columnCount).filter { !left.contains($0) }, of: table, fields: fields)
    try Self.check(tasks, of: table)
  }

  private static func tasks(
    in columns: [Int], of table: WideTable, fields: FieldReader
  ) throws(Failure) -> [Column] {
    let layout = table.layout
    return try columns.map { column throws(Failure) in
      let task = try fields.text(table.headerField(column, inRow: layout.taskRow))
      let size = try layout.sizeRow.map { row throws(Failure) in
        try fields.size(table.headerField(column, inRow: row))
      }
      let group = try layout.groupRow.map { row throws(Failure) in
        try fields.text(table.headerField(column, inRow: row))
      }
      return Column(index: column, task: task, size: size, group: group)
    }
  }

  /// Throws if there are no tasks, or two columns are of the same task and size.
  private static func check(_ tasks: [Column], of table: WideTable) throws(Failure) {
    guard !tasks.isEmpty else {
      throw Failure(
        .badData, CSVRow.attempt, on: table.name, because: "no column is left for tasks",
        remedy: "Check `strategyColumn` and `skipColumn`.")
    }
    var known: [[String]: Int] = [:]
    for column in tasks {
      let size = column.size.map { "\($0.count)" } ?? ""
      if let other = known.updateValue(column.index, forKey: [column.task, size]) {
        throw CSVRow.failure(
          table.name, line: table.header[table.layout.taskRow - 1].line,
          "columns \(other + 1) and \(column.index + 1) are both of the task "
            + "'\(column.task.shortened)'" + (size.isEmpty ? "" : " with \(size) examples"),
          remedyForEqualColumns(table.layout))
      }
    }
  }

  private static func remedyForEqualColumns(_ layout: WideLayout) -> String {
    if layout.headerRows == 1 {
      return "If the header has several rows, set `headerRows`; otherwise rename one of them."
    }
    return layout.sizeRow == nil
      ? "If the header has sizes, set `sizeRow`; otherwise rename one of them."
      : "Check `taskRow` and `sizeRow`, or rename one of them."
  }
}

extension WideTable {
  /// The index of a column; `nil` if it has no name.
  ///
  /// - Parameters:
  ///   - name: one of the texts of the column in the header.
  ///   - option: the option that names the column, for errors.
  func index(of name: String?, _ option: String) throws(Failure) -> Int? {
    guard let name else { return nil }
    let found = try indices(of: name, option)
    guard found.count == 1 else {
      throw Failure(
        .badData, CSVRow.attempt, on: self.name,
        because: "\(found.count) columns have the header text '\(name)'",
        remedy: "Set \(option) to a text that only one column has.")
    }
    return found[0]
  }

  /// The indices of the columns that are not read.
  func skippedColumns() throws(Failure) -> Set<Int> {
    var skipped: Set<Int> = []
    for name in layout.skippedColumns { skipped.formUnion(try indices(of: name, "`skipColumn`")) }
    return skipped
  }

  /// The indices of the columns with a text in the header, at least one.
  private func indices(of name: String, _ option: String) throws(Failure) -> [Int] {
    let texts = (0..<columnCount).map { titles(of: $0) }
    let found = texts.indices.filter { texts[$0].contains(name) }
    guard !found.isEmpty else {
      let known = texts.flatMap { $0 }.uniqued
      throw Failure(
        .badData, CSVRow.attempt, on: self.name,
        because: "no column has the header text '\(name)'",
        remedy: "Set \(option) to one of \(known.prefix(12).joined(separator: ", "))"
          + (known.count > 12 ? ", …" : "."))
    }
    return found
  }
}
