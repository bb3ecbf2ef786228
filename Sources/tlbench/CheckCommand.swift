import Analysis
import ArgumentParser
import Foundation
import Records
import Reports
import Results

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare results with those of an earlier sweep, and fail where they got worse.",
    discussion: """
      Cell by cell, paired by replicate: accuracy lower, operations or memory grown by more than \
      the tolerance, cells missing, verdicts on the rule table flipped. Differences are tested with \
      a correction for the number of cells, so that results that differ by chance alone fail with \
      at most the false alarm rate. Times are compared only where both come from one machine.

      Tolerances per figure are JSON; Results/tolerances.json holds those that are built in.

      Example: tlbench check Results/sweep.h5 --baseline Results/reference.h5

      Exit codes: 0 nothing got worse; 2 something did.
      """)

  @Argument(help: "Results to check.")
  var file: String

  @Option(help: "Results to compare with.")
  var baseline: String

  @Option(help: "Tolerances per figure (JSON).")
  var tolerances: String?

  @Option(help: "How to print what moved: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  func run() throws {
    let format = try OptionValues.format(format)
    let check = try BaselineCheck(
      ResultsInput.read(file),
      baseline: ResultsInput.read(baseline),
      tolerances: try tolerances.map(Self.read) ?? .standard)
    print(BaselineReport(check).text(format), terminator: "")
    guard check.hasRegression else { return }
    try Console.finishOutput()
    throw ExitCode(2)
  }

  private static func read(_ path: String) throws -> Tolerances {
    let bytes = try InputFile.bytes(of: path, attempt: "cannot read the tolerances")
    return try Tolerances(json: Data(bytes), name: path)
  }
}
