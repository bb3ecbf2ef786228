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

/// How the table of a sweep is printed, and whether it is explained.
struct TableOptions: ParsableArguments {
  @OptionGroup private var choice: FormatOptions

  @Flag(
    name: .shortAndLong,
    help: "Explain the columns of a table, and compare the costs with their estimates.")
  var verbose = false

  /// - Throws: `Failure` of kind `usage` for an unknown format.
  func format() throws -> TableFormat { try choice.format() }

  /// The layout of the table on standard output.
  var layout: TextLayout { StandardOutput.layout(isVerbose: verbose) }

  func validate() throws {
    try VerboseOption.check(verbose, hasEffect: try format() == .table)
  }

  /// Refuses `--verbose` if what is printed does not depend on it.
  func refuseVerbose(because reason: String) throws {
    guard verbose else { return }
    throw OptionValues.refused("--verbose", reason, "Leave it out.")
  }
}

/// The flag `--verbose` of commands with formats that it does not change.
enum VerboseOption {
  /// - Throws: `Failure` of kind `usage` if the flag is given and has no effect.
  static func check(_ isGiven: Bool, hasEffect: Bool) throws {
    guard isGiven, !hasEffect else { return }
    throw OptionValues.refused(
      "--verbose", "formats for programs and documents have everything already",
      "Leave it out, or --format.")
  }
}
