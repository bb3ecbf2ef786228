import Records

/// Splits comma-separated text into records.
struct CSVParser {
  private let scalars: [Unicode.Scalar]
  private let name: String
  private var position = 0
  private var line = 1

  init(_ text: String, name: String) {
    let scalars = Array(text.unicodeScalars)
    self.scalars = scalars.first == "\u{FEFF}" ? Array(scalars.dropFirst()) : scalars
    self.name = name
  }

  /// The records of a file, at least one.
  ///
  /// - Throws: `Failure` of kind `badData` if the bytes are not UTF-8 or have no record.
  static func records(of bytes: [UInt8], name: String) throws(Failure) -> [CSVRow] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "it is not UTF-8 text",
        remedy: "Save it as comma-separated values in UTF-8.")
    }
    var parser = CSVParser(text, name: name)
    let records = try parser.records()
    guard !records.isEmpty else {
      throw Failure(
        .badData, CSVRow.attempt, on: name, because: "it is empty",
        remedy: "Give a table whose first line names the columns.")
    }
    return records
  }

  /// All records, including the column names and without empty lines.
  mutating func records() throws(Failure) -> [CSVRow] {
    var records: [CSVRow] = []
    while position < scalars.count {
      if takeLineEnd() { continue }
      let start = line
      var fields = [try field()]
      while take(",") { fields.append(try field()) }
      guard takeLineEnd() || position == scalars.count else {
        throw CSVRow.failure(
          name, line: line, "there is text after a closing quote",
          "Put the whole field in quotes, and double the quotes inside.")
      }
      records.append(CSVRow(line: start, fields: fields))
    }
    return records
  }

  private mutating func field() throws(Failure) -> String {
    take("\"") ? try quotedField() : try plainField()
  }

  private mutating func plainField() throws(Failure) -> String {
    var field = String.UnicodeScalarView()
    while position < scalars.count, !",\r\n".unicodeScalars.contains(scalars[position]) {
      guard scalars[position] != "\"" else {
        throw CSVRow.failure(
          name, line: line, "there is a quote inside a field that is not quoted",
          "Put the whole field in quotes, and double the quotes inside.")
      }
      field.append(scalars[position])
      position += 1
    }
    return String(field)
  }

  /// Reads the rest of a quoted field, after its opening quote.
  private mutating func quotedField() throws(Failure) -> String {
    let start = line
    var field = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      if scalar == "\"", !take("\"") { return String(field) }
      if scalar == "\n" { line += 1 }
      field.append(scalar)
    }
    throw CSVRow.failure(name, line: start, "a quote is not closed", "Add the closing quote.")
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard position < scalars.count, scalars[position] == scalar else { return false }
    position += 1
    return true
  }

  /// Consumes LF, CRLF or a lone CR.
  private mutating func takeLineEnd() -> Bool {
    let hasReturn = take("\r")
    guard take("\n") || hasReturn else { return false }
    line += 1
    return true
  }
}
