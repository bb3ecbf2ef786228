import Records
import Results

extension WideGuess {
  /// The error for a table that was read as a long one and seems to be a wide one, with the command
  /// that imports it.
  ///
  /// - Parameters:
  ///   - values: the sizes that were given; the command has examples for others.
  ///   - further: further words of the command, such as the output.
  func failure(of table: String, values: TableValues, further: [String]) -> Failure {
    let unknown = sizeWords.filter { values.sizeWords[$0] == nil }
    var words = ["tlbench", "import", table, "--wide"]
    if headerRows > 1 { words += ["--header-rows", "\(headerRows)"] }
    if let sizeRow {
      if sizeRow > 1 { words += ["--size-row", "\(sizeRow)"] }
      for word in sizeWords { words += ["--size", "\(word)=\(values.sizeWords[word] ?? 50_000)"] }
    } else {
      words += ["--size", "\(values.sizeOfAll ?? 1_000)"]
    }
    for name in skippedColumns { words += ["--skip-column", name] }
    if isPercent { words += ["--accuracy-unit", "percent"] }
    let command = ResumeHint.command(words + further)
    let change =
      if sizeRow == nil, values.sizeOfAll == nil {
        "Replace 1000 by the number of training examples in: "
      } else if !unknown.isEmpty {
        "Replace 50000 by the training examples of \(unknown.joined(separator: ", ")) in: "
      } else {
        "Import it with: "
      }
    return Failure(
      .badData, "cannot import the table", on: table,
      because: "its columns seem to be tasks"
        + (headerRows > 1 ? ", below a header of \(headerRows) rows" : ""),
      remedy: change + command)
  }
}
