import ArgumentParser
import Records

/// How a sweep is run, whatever it is a sweep of.
struct RunOptions: ParsableArguments {
  @Flag(help: "Print no progress and no news, only the matrix and errors.")
  var quiet = false

  @Flag(
    help: """
      Do not wait for the disk after each cell: faster on slow disks; a loss of power, not a crash, \
      may then cost finished cells.
      """)
  var noSync = false

  @Option(
    parsing: .unconditional,
    help: "Seconds between two writings of the unfinished results; 0: only at the end.")
  var exportEvery = 30.0

  func validated() throws -> RunOptions {
    guard exportEvery.isFinite, (0...1e6).contains(exportEvery) else {
      throw OptionValues.refused(
        "--export-every", "\(exportEvery) is not a number of seconds in 0...1,000,000",
        "Example: --export-every 300")
    }
    return self
  }

  var progressStyle: ProgressPrinter.Style {
    quiet ? .quiet : Console.isTerminal ? .live : .plain
  }
}
