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
      that would decide. General claims are judged likewise. --verbose adds every place and a \
      scoreboard of advisors by regret; places that were not measured are shown there as absent.

      --compare A,B adds the difference in accuracy between two strategies of an imported table, \
      over the tasks of every group, with an interval over the tasks.

      --baseline counts the verdicts that another file flips, such as one of the same strategies \
      trained longer (--epoch-factor of sweep).

      Example: tlbench validate Results/sweep.h5 --margin 1
      """)

  @Argument(
    help: ArgumentHelp(
      "Results of a sweep (default: the reference results that come with tlbench).",
      valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var path: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Accuracy loss still counted as good advice, in points, 0...100.", valueName: "points"))
  var margin = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Judge advice by this fraction of the best strategy's error at each place, 0...1, instead of \
      --margin (default: not).
      """, valueName: "fraction"))
  var relativeMargin: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Confidence of intervals and verdicts, 0.5...0.999.", valueName: "probability"))
  var confidence = 0.95

  @Option(
    help: ArgumentHelp(
      "Compare two strategies of an imported table over its tasks, by group.",
      valueName: "strategy,strategy"))
  var compare: String?

  @Option(
    help: ArgumentHelp(
      "Results of a sweep whose verdicts to compare with, place by place.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var baseline: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Format of the report.", valueName: "name"))
  var format = Choice(ValidationFormat.text)

  @Flag(
    name: .shortAndLong,
    help: "Print every place, the scoreboard of advisors, and what the columns mean.")
  var verbose = false

  func validate() throws {
    try VerboseOption.check(verbose, hasEffect: format == Choice(.text))
    try OptionValues.check(margin, of: "--margin", in: 0...100)
    if let relativeMargin {
      try OptionValues.check(relativeMargin, of: "--relative-margin", in: 0...1)
    }
    try OptionValues.check(confidence, of: "--confidence", in: 0.5...0.999)
    guard baseline == nil || format != Choice(.csv) else {
      throw OptionValues.refused(
        "--baseline", "CSV has no lines for the comparison", "Leave out --format csv.")
    }
    if let compare, !compare.contains(",") {
      throw OptionValues.refused(
        "--compare", "'\(compare)' is not two strategies",
        "Example: --compare fine-tuning-all,from-scratch")
    }
  }

  func run() throws {
    let format = try format.value(of: "--format")
    let criteria = VerdictCriteria(
      margin: margin, relativeMargin: relativeMargin, confidence: confidence)
    let file = path ?? "Results/reference.h5"
    let results = try ResultsInput.read(file)
    let matrix = try Self.matrix(of: results, file)
    let comparison = try compare.map { try groups(of: $0, in: matrix, results.plan, file) }
    let validation = try Validation(matrix, criteria: criteria)
    let changes = try baseline.map { path in
      let other = try Self.matrix(of: ResultsInput.read(path), path)
      return VerdictChanges(validation, baseline: try Validation(other, criteria: criteria))
    }
    StandardOutput.write(
      ValidationReport(validation, comparison: comparison, changes: changes)
        .text(format, layout: StandardOutput.layout(isVerbose: verbose)))
    if comparison == nil, results.plan.taskGroups != nil {
      Console.note("The tasks have groups: --compare A,B compares two strategies by group.")
    }
  }

  private static func matrix(of results: SweepResults, _ file: String) throws -> ResultsMatrix {
    let matrix = try ResultsMatrix(results)
    guard !matrix.cells.isEmpty else {
      throw Failure(
        .badData, "cannot judge the results", on: file, because: "no run completed",
        remedy: "To describe the file: \(NextCommand.command(["inspect", file]))")
    }
    return matrix
  }

  /// The strategies that the option names, compared over the tasks of an imported table.
  private func groups(
    of names: String, in matrix: ResultsMatrix, _ plan: SweepPlan, _ file: String
  ) throws(Failure) -> GroupComparison {
    guard plan.isImported else {
      throw OptionValues.refused(
        "--compare", "\(file) holds a sweep, and not an imported table",
        "Leave it out: rules and claims compare the strategies of a sweep.")
    }
    let pair = try OptionValues.comparedStrategies(names, among: plan.arms)
    return GroupComparison(
      pair.first, minus: pair.second, in: matrix, groups: plan.taskGroups ?? [:],
      confidence: confidence)
  }
}
