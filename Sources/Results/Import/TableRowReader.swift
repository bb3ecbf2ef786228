import Records

/// One row of a published table, as values.
struct TableRow {
  let line: Int
  /// The task as a place on the similarity axis.
  let task: Similarity
  let size: Int
  let strategy: String
  let replicate: String
  /// A share in 0...1; `nil` where the field is empty.
  let accuracy: Double?
  /// In seconds; `nil` where the field is empty or there is no such column.
  let cost: Double?
}

/// Reads the fields of a table as its columns ask for.
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
    let size = try index(of: columns.size, "--size-column")
    let strategy = try index(of: columns.strategy, "--strategy-column")
    let task = try index(of: columns.task, "--task-column")
    let accuracy = try index(of: columns.accuracy, "--accuracy-column")
    let similarity = try columns.similarity.map { name throws(Failure) in
      try index(of: name, "--similarity-column")
    }
    let replicate = try columns.replicate.map { name throws(Failure) in
      try index(of: name, "--replicate-column")
    }
    let cost = try columns.cost.map { name throws(Failure) in
      try index(of: name, "--cost-column")
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
          "A task has one similarity.")
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
        .badData, CSVTable.attempt, on: name, because: "there is no column '\(column)'",
        remedy: "Give \(option) one of \(table.columns.joined(separator: ", ")).")
    }
    return index
  }

  private func text(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> String {
    let text = row.fields[column].trimmed
    guard !text.isEmpty else {
      throw failure(row, "'\(table.columns[column])' is empty", "Fill it in, or remove the row.")
    }
    return text
  }

  private func size(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> Int {
    let text = try text(row, column)
    // Whole numbers with a decimal point are what spreadsheets make of them.
    guard let number = Double(text), let size = Int(exactly: number), size >= 1 else {
      throw failure(
        row, "'\(text)' under '\(table.columns[column])' is not a whole number of at least 1",
        "Write the number of labelled training examples without separators.")
    }
    return size
  }

  /// A number in a range; `nil` where the field is empty.
  private func number(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> Double? {
    let text = row.fields[column].trimmed
    if text.isEmpty { return nil }
    guard let number = Double(text), number.isFinite else {
      throw failure(
        row, "'\(text)' under '\(table.columns[column])' is not a number",
        "Leave the field empty where there is no figure.")
    }
    return number
  }

  private func accuracy(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    let largest = unit.largest
    guard (0...largest).contains(value) else {
      throw failure(
        row, "the accuracy \(row.fields[column].trimmed) is not in 0...\(Int(largest))",
        unit == .share && (0...100).contains(value)
          ? "Say --accuracy-unit percent where accuracies are percentages."
          : "Check --accuracy-column and --accuracy-unit.")
    }
    return value / largest
  }

  private func similarity(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    guard (0...1).contains(value) else {
      throw failure(
        row, "the similarity \(row.fields[column].trimmed) is not in 0...1",
        "Scale similarities to 0...1, 0 for unrelated tasks.")
    }
    return value
  }

  private func cost(_ row: CSVTable.Row, _ column: Int) throws(Failure) -> Double? {
    guard let value = try number(row, column) else { return nil }
    guard value >= 0 else {
      throw failure(row, "the cost \(row.fields[column].trimmed) is below 0", "Check it.")
    }
    return value
  }

  private func failure(_ row: CSVTable.Row, _ reason: String, _ remedy: String) -> Failure {
    CSVTable.failure(name, line: row.line, reason, remedy)
  }
}
