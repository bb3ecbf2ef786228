import ArgumentParser
import Records
import Results

/// The layout of a table to import whose tasks are columns.
struct WideTableOptions: ParsableArguments {
  @Flag(help: "Tasks are columns, with a row per strategy and the accuracies below the tasks.")
  var wide = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Number of rows of the header (default: 1).", valueName: "count"))
  var headerRows: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Header row with the tasks, counted from 1 (default: the last one).", valueName: "number"))
  var taskRow: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Header row with the sizes (default: the first one that has no other use).",
      valueName: "number"))
  var sizeRow: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Header row with the groups of the tasks.", valueName: "number"))
  var groupRow: Int?

  @Option(
    help: ArgumentHelp(
      "Leave out the columns with this text in the header; may be repeated.", valueName: "text"))
  var skipColumn: [String] = []

  /// The layout of the table.
  ///
  /// - Parameter isSizeKnown: whether all runs have the same size, which was given.
  func layout(_ columns: TableColumnOptions, isSizeKnown: Bool) -> WideLayout {
    let count = headerRows ?? 1
    let needsSizes = !isSizeKnown && columns.sizeColumn == nil
    let tasks = taskRow ?? count
    let unused = (1...count).first { $0 != tasks && $0 != groupRow }
    var layout = WideLayout(
      headerRows: count, taskRow: tasks, sizeRow: sizeRow ?? (needsSizes ? unused : nil),
      groupRow: groupRow)
    layout.strategyColumn = columns.strategyColumn
    layout.sizeColumn = columns.sizeColumn
    layout.replicateColumn = columns.replicateColumn
    layout.skippedColumns = skipColumn
    return layout
  }

  func validate() throws {
    guard wide else { return try refuseAll() }
    let count = headerRows ?? 1
    try OptionValues.check(count, of: "--header-rows", in: 1...20)
    let rows: [(String, Int?)] = [
      ("--task-row", taskRow ?? count), ("--size-row", sizeRow), ("--group-row", groupRow),
    ]
    var uses: [Int: String] = [:]
    for (option, row) in rows {
      guard let row else { continue }
      try OptionValues.check(row, of: option, in: 1...count)
      if let other = uses.updateValue(option, forKey: row) {
        throw OptionValues.refused(
          option, "header row \(row) is also that of \(other)", "Give another row.")
      }
    }
  }

  /// Throws an error if an option was given, none of which has an effect on a long table.
  private func refuseAll() throws(Failure) {
    let options = [
      ("--header-rows", headerRows != nil), ("--task-row", taskRow != nil),
      ("--size-row", sizeRow != nil), ("--group-row", groupRow != nil),
      ("--skip-column", !skipColumn.isEmpty),
    ]
    guard let option = options.first(where: \.1)?.0 else { return }
    throw OptionValues.refused(
      option, "only a wide table has it", "Give --wide as well if tasks are columns.")
  }
}
