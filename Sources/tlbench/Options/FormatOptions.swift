import ArgumentParser
import Records
import Reports

/// How a table of results is printed.
struct FormatOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("format")],
    help: ArgumentHelp(
      "Format of the printed results: table, markdown, csv or json.", valueName: "name"),
    completion: .list(TableFormat.allCases.map(\.rawValue)))
  private var name = TableFormat.table.rawValue

  /// - Throws: `Failure` of kind `usage` for an unknown format.
  func format() throws -> TableFormat {
    try OptionValues.oneOf(TableFormat.allCases, name, option: "--format")
  }
}
