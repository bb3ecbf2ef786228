import Records

/// Reads the fields of a table as values; errors name the line and the column.
struct FieldReader {
  /// The name of the table for errors.
  let name: String
  let values: TableValues
  /// Whether tasks are columns of the table.
  let isWide: Bool

  /// Reads a text that is not empty.
  func text(_ field: TableField) throws(Failure) -> String {
    guard !field.text.isEmpty else {
      throw failure(
        field, "\(field.column) is empty",
        field.isHeader ? "Fill it in; \(Self.leavingOut)" : "Fill it in, or remove the row.")
    }
    return field.text
  }

  /// Reads a number of training examples, or a word that stands for one.
  ///
  /// - Parameter field: `nil` for a table without sizes, in which all runs have the same one.
  func size(_ field: TableField?) throws(Failure) -> TableSize {
    guard let field else { return try sizeOfAll() }
    let text = try text(field)
    if let count = values.sizeWords[text] { return TableSize(count: count, word: text) }
    // Spreadsheets may write whole numbers with a decimal point.
    let number = Double(text)
    guard let count = number.flatMap({ Int(exactly: $0) }), count >= 1 else {
      throw failure(
        field, "'\(text.shortened)' \(field.position) is not a whole number of at least 1",
        number == nil
          ? "If it stands for a number of training examples, give it with `size`, such as "
            + "'\(text.shortened)=50000'" + (field.isHeader ? "; \(Self.leavingOut)" : ".")
          : "Write the number of labelled training examples without separators.")
    }
    return TableSize(count: count, word: nil)
  }

  private func sizeOfAll() throws(Failure) -> TableSize {
    guard let count = values.sizeOfAll else {
      throw Failure(
        .badData, CSVRow.attempt, on: name,
        because: "its numbers of training examples are not known",
        remedy: "Give `sizeColumn`, or `size` for all runs.")
    }
    return TableSize(count: count, word: nil)
  }

  /// Reads an accuracy as a fraction in 0...1; returns `nil` if the field is empty.
  func accuracy(_ field: TableField) throws(Failure) -> Double? {
    guard let value = try number(field) else { return nil }
    let largest = values.unit.largest
    guard (0...largest).contains(value) else {
      let position = isWide ? " \(field.position)" : ""
      throw failure(
        field, "the accuracy \(field.text)\(position) is not in 0...\(Int(largest))",
        values.unit == .share && (0...100).contains(value)
          ? "Set `accuracyUnit` to percent if accuracies are percentages."
          : "Check `\(isWide ? "skipColumn" : "accuracyColumn")` and `accuracyUnit`.")
    }
    return value / largest
  }

  /// Reads a similarity in 0...1; returns `nil` if the field is empty.
  func similarity(_ field: TableField) throws(Failure) -> Double? {
    guard let value = try number(field) else { return nil }
    guard (0...1).contains(value) else {
      throw failure(
        field, "the similarity \(field.text) is not in 0...1",
        "Scale similarities to 0...1, 0 for unrelated tasks.")
    }
    return value
  }

  /// Reads a time in seconds; returns `nil` if the field is empty.
  func cost(_ field: TableField) throws(Failure) -> Double? {
    guard let value = try number(field) else { return nil }
    guard value >= 0 else {
      throw failure(field, "the cost \(field.text) is below 0", "Check it.")
    }
    return value
  }

  /// Reads a finite number; returns `nil` if the field is empty.
  private func number(_ field: TableField) throws(Failure) -> Double? {
    if field.text.isEmpty { return nil }
    guard let number = Double(field.text), number.isFinite else {
      throw failure(
        field, "'\(field.text.shortened)' \(field.position) is not a number",
        "Leave the field empty if the value is not known"
          + (isWide ? "; \(Self.leavingOut)" : "."))
    }
    return number
  }

  private static let leavingOut =
    "if the column is not a task, name one of its header texts with `skipColumn`."

  private func failure(_ field: TableField, _ reason: String, _ remedy: String) -> Failure {
    CSVRow.failure(name, line: field.line, reason, remedy)
  }
}
