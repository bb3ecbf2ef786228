import Analysis
import ArgumentParser
import Records
import Reports
import Results

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Judge the rules and claims about transfer learning by a sweep's results.",
    discussion: """
      Every rule is judged at every measured place, and overall: supported if the advised strategy \
      is at most the margin behind every other one, refuted if it is further behind one of them, \
      each with the requested confidence, and otherwise undecided, with the number of replicates \
      that would decide. General claims and a scoreboard of advisors by regret follow. Places that \
      were not measured are shown as absent.

      Example: tlbench validate Results/sweep.h5 --margin 1
      """)

  @Argument(
    help: ArgumentHelp("Results of a sweep.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var file: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Accuracy loss still counted as good advice, in points, 0...100.", valueName: "points"))
  var margin = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Confidence of intervals and verdicts, 0.5...0.999.", valueName: "probability"))
  var confidence = 0.95

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Format of the report.", valueName: "name"))
  var format = Choice(ValidationFormat.text)

  func validate() throws {
    try OptionValues.check(margin, of: "--margin", in: 0...100)
    try OptionValues.check(confidence, of: "--confidence", in: 0.5...0.999)
  }

  func run() throws {
    let format = try format.value(of: "--format")
    let criteria = VerdictCriteria(margin: margin, confidence: confidence)
    let matrix = try ResultsMatrix(try ResultsInput.read(file))
    guard !matrix.cells.isEmpty else {
      throw Failure(
        .badData, "cannot judge the results", on: file, because: "no run completed",
        remedy: "'tlbench inspect \(file)' describes the file.")
    }
    let validation = try Validation(matrix, criteria: criteria)
    print(ValidationReport(validation).text(format), terminator: "")
  }
}
