import Records

/// One row of a published table, as values.
struct TableRow {
  let line: Int
  /// The task as a value of the similarity axis.
  let task: Similarity
  let size: Int
  let strategy: String
  let replicate: String
  /// The accuracy as a fraction in 0...1; `nil` if the field is empty.
  let accuracy: Double?
  /// The training time in seconds; `nil` if the field is empty or there is no such column.
  let cost: Double?
}

/// Reads the fields of a table by the types of its columns.
struct TableRowReader {
  private let table: CSVTable
  private let name: String
  private let columns: TableColumns
  private let unit: AccuracyUnit

  init(_ table: CSVTable, name: String, columns: TableColumns, unit: AccuracyUnit) {
    self.table = table
    self.name = name
    self.columns = columns
    self.unit = unit
  }

  func rows() throws(Failure) -> [TableRow] {
    let size = try index(of: columns.size, "`sizeColumn`")
    let strategy = try index(of: columns.strategy, "`strategyColumn`")
    let task = try index(of: columns.task, "`taskColumn`")
    let accuracy = try index(of: columns.accuracy, "`accuracyColumn`")
    let similarity = try columns.similarity.map { name throws(Failure) in
      try index(of: name, "`similarityColumn`")
    }
    let replicate = try columns.replicate.map { name throws(Failure) in
      try index(of: name, "`replicateColumn`")
    }
    let cost = try columns.cost.map { name throws(Failure) in
      try index(of: name, "`costColumn`")
    }
    var tasks: [String: (place: Similarity, line: Int)] = [:]
    var rows: [TableRow] = []
    for row in table.rows {
      let taskName = try text(row, task)
      let place = Similarity.task(
        taskName,
        value: try similarity.flatMap { column throws(Failure) in
          try self.similarity(row, column)
        })
      if let known = tasks[taskName], known.place != place {
        throw failure(
          row, "the task '\(taskName)' has another similarity on line \(known.line)",
          "Give every task only one similarity.")
      }
      tasks[taskName] = tasks[taskName] ?? (place, row.line)
      rows.append(
        TableRow(
          line: row.line, task: place, size: try self.size(row, size),
          strategy: try text(row, strategy),
          replicate: try replicate.map { column throws(Failure) in try text(row, column) } ?? "",
          accuracy: try self.accuracy(row, accuracy),
          cost: try cost.flatMap { column throws(Failure) in try self.cost(row, column) }))
    }
    return rows
  }

  private func index(of column: String, _ option: String) throws(Failure) -> Int {
    guard let index = table.columns.firstIndex(of: column) else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "there is no column '\(column)'",
        remedy: "Set \(option) to one of \(table.columns.joined(separator: ", ")).")
    }
    return index
  }

  private func text(_ row: CSVRow, _ column: Int) throws(Failure) -> String {
    let text = row.fields[column].trimmed
    guard !text.isEmpty else {
      throw failure(row, "'\(table.columns[column])' is empty", "Fill it in, or remove the row.")
    }
    return text
  }

  private func size(_ row: CSVRow, _ column: Int) throws(Failure) -> Int {
    let text = try text(row, column)
    // Spreadsheets may write whole numbers with a decimal point.
    guard let number = Double(text), let size = Int(exactly: number), size >= 1 else {
      throw failure(
        row, "'\(text)' under '\(table.columns[column])' is not a whole number of at least 1",
        "Write the number of labelled training examples without separators.")
    }
    return size
  }

  /// Reads a finite number; returns `nil` if the field is empty.
  private func number(_ row: CSVRow, _ column: Int) throws(Failure) -> Double? {
    let text = row.fields[column].trimmed
    if text.isEmpty { return nil }
    guard let number = Double(text), number.isFinite else {
      throw failure(
        row, "'\(text)' under '\(table.columns[column])' is not a number",
        "Leave the field empty if the value is not known.")
    }
    return number
  }

  private func accuracy(_ row: CSVRow, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    let largest = unit.largest
    guard (0...largest).contains(value) else {
      throw failure(
        row, "the accuracy \(row.fields[column].trimmed) is not in 0...\(Int(largest))",
        unit == .share && (0...100).contains(value)
          ? "Set `accuracyUnit` to percent if accuracies are percentages."
          : "Check `accuracyColumn` and `accuracyUnit`.")
    }
    return value / largest
  }

  private func similarity(_ row: CSVRow, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    guard (0...1).contains(value) else {
      throw failure(
        row, "the similarity \(row.fields[column].trimmed) is not in 0...1",
        "Scale similarities to 0...1, 0 for unrelated tasks.")
    }
    return value
  }

  private func cost(_ row: CSVRow, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    guard value >= 0 else {
      throw failure(row, "the cost \(row.fields[column].trimmed) is below 0", "Check it.")
    }
    return value
  }

  private func failure(_ row: CSVRow, _ reason: String, _ remedy: String) -> Failure {
    CSVRow.failure(name, line: row.line, reason, remedy)
  }
}
