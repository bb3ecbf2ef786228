import ArgumentParser
import Records
import Reports

/// How a table of results is printed.
struct FormatOptions: ParsableArguments {
  @Option(
    name: [.customShort("f"), .customLong("format")],
    help: ArgumentHelp("Format of the printed results.", valueName: "name"))
  private var choice = Choice(TableFormat.table)

  /// - Throws: `Failure` of kind `usage` for an unknown format.
  func format() throws -> TableFormat { try choice.value(of: "--format") }

  func validate() throws { _ = try format() }
}
