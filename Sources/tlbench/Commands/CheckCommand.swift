import Analysis
import ArgumentParser
import Foundation
import Records
import Reports
import Results

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare results with those of an earlier sweep, and fail if they got worse.",
    discussion: """
      The check fails if the accuracy of a strategy at a place falls, or its operations or memory \
      grow, by more than the tolerance, if runs are missing, and if verdicts on the rule table \
      flip. Replicates are paired, and the tests are corrected for their number, so that results \
      that differ only by chance fail at most at the false-alarm rate. Times are compared only if \
      both files come from one machine.

      Tolerances are JSON, by metric; Results/tolerances.json holds the built-in ones.

      Example: tlbench check Results/sweep.h5 --baseline Results/reference.h5

      Exit codes: 0 nothing got worse; 2 something did.
      """)

  @Argument(
    help: ArgumentHelp("Results to check.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var file: String

  @Option(
    help: ArgumentHelp("Results to compare with.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var baseline: String

  @Option(
    help: ArgumentHelp(
      "Tolerances by metric, in JSON (default: the built-in ones).", valueName: "path"),
    completion: .file(extensions: ["json"]))
  var tolerances: String?

  @OptionGroup var printing: FormatOptions

  @OptionGroup var reporting: ReportOptions

  @Flag(help: "Overwrite an existing report.")
  var overwrite = false

  func validate() throws { try reporting.requireReport(for: overwrite) }

  func run() throws {
    let format = try printing.format()
    try reporting.require(besides: [file, baseline, tolerances], overwrite: overwrite)
    let tolerances = try tolerances.map(Self.read) ?? .standard
    let (results, old) = (try ResultsInput.read(file), try ResultsInput.read(baseline))
    let check = try BaselineCheck(results, baseline: old, tolerances: tolerances)
    StandardOutput.write(BaselineReport(check).text(format, layout: StandardOutput.layout()))
    if let path = reporting.report {
      let page = try ReportPage(
        ReportFile.source(file, results), baseline: ReportFile.source(baseline, old),
        tolerances: tolerances)
      try ReportFile.write(page, to: path)
      Console.note("Report: \(path)")
    }
    guard check.hasRegression else { return }
    try StandardOutput.finish()
    throw ExitCode(2)
  }

  private static func read(_ path: String) throws -> Tolerances {
    let bytes = try InputFile.bytes(of: path, attempt: "cannot read the tolerances")
    return try Tolerances(json: Data(bytes), name: path)
  }
}
