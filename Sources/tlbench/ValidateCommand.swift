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
      Every rule is judged in every place that was measured, and overall: supported where the \
      advised strategy is at most the margin behind every other one, refuted where it is further \
      behind one of them, with the confidence asked for; undecided otherwise, with the number of \
      replicates that would decide. Then the general claims, and a scoreboard of advisors by \
      regret. What was not measured is shown as absent.

      Example: tlbench validate Results/sweep.h5 --margin 1
      """)

  @Argument(help: "Results of a sweep.")
  var file: String

  @Option(
    parsing: .unconditional, help: "Loss of accuracy that advice is forgiven, in points, 0...100.")
  var margin = "1"

  @Option(parsing: .unconditional, help: "Confidence of intervals and verdicts, 0.5...0.999.")
  var confidence = "0.95"

  @Option(help: "How to print it: text, markdown, csv or json.")
  var format = ValidationFormat.text.rawValue

  func run() throws {
    let format = try OptionValues.oneOf(ValidationFormat.allCases, format, option: "--format")
    let criteria = VerdictCriteria(
      margin: try OptionValues.number(margin, of: "--margin", in: 0...100),
      confidence: try OptionValues.number(confidence, of: "--confidence", in: 0.5...0.999))
    let matrix = try ResultsMatrix(try ResultsInput.read(file))
    guard !matrix.cells.isEmpty else {
      throw Failure(
        .badData, "cannot judge the results", on: file, because: "no cell completed",
        remedy: "'tlbench inspect \(file)' tells what it holds.")
    }
    let validation = try Validation(matrix, criteria: criteria)
    print(ValidationReport(validation).text(format), terminator: "")
  }
}
