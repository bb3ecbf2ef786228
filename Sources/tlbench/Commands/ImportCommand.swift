import ArgumentParser
import Foundation
import Records
import Results

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Convert a published table into results, for validate, recommend and check.",
    discussion: """
      The table has comma-separated values (RFC 4180) under a line of column names, one row per \
      task, size, strategy and replicate. Every task becomes a value of its own on the similarity \
      axis. Empty accuracies, costs and similarities are unknown values.

      Strategies named like a tlbench strategy are mapped to it; map others with --strategy. Strategies \
      that are not mapped keep their name and can be compared, but no rule advises them.

      Example: tlbench import matrix.csv --size-column n --strategy-column method \
      --task-column dataset --accuracy-column acc --strategy full=fine-tuning-all \
      --output Results/published.h5
      """)

  @Argument(
    help: ArgumentHelp("A table of comma-separated values.", valueName: "path"),
    completion: .file(extensions: ["csv"]))
  var table: String

  @Option(
    help: ArgumentHelp("Column of the number of labelled training examples.", valueName: "column"))
  var sizeColumn: String

  @Option(help: ArgumentHelp("Column of the strategy's name.", valueName: "column"))
  var strategyColumn: String

  @Option(help: ArgumentHelp("Column of the target task's name.", valueName: "column"))
  var taskColumn: String

  @Option(help: ArgumentHelp("Column of the test accuracy.", valueName: "column"))
  var accuracyColumn: String

  @Option(
    help: ArgumentHelp(
      "Unit of the accuracies: share (0...1) or percent (0...100).", valueName: "unit"))
  var accuracyUnit = Choice(AccuracyUnit.share)

  @Option(
    help: ArgumentHelp(
      "Column of the task's similarity to the source task, in 0...1.", valueName: "column"))
  var similarityColumn: String?

  @Option(
    help: ArgumentHelp(
      "Column that distinguishes replicates, such as a seed; equal values are paired.",
      valueName: "column"))
  var replicateColumn: String?

  @Option(help: ArgumentHelp("Column of the training time in seconds.", valueName: "column"))
  var costColumn: String?

  @Option(
    name: .customLong("strategy"),
    help: ArgumentHelp(
      "Map a strategy of the table to one of tlbench; may be repeated.",
      valueName: "name=strategy"))
  var arms: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File for the results (HDF5).", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var output: String

  @Flag(help: "Overwrite an existing file.")
  var overwrite = false

  func run() throws {
    let unit = try accuracyUnit.value(of: "--accuracy-unit")
    let renamed = try OptionValues.renamedArms(arms)
    let bytes = try InputFile.bytes(of: table, attempt: "cannot import the table")
    let columns = TableColumns(
      size: sizeColumn, strategy: strategyColumn, task: taskColumn, accuracy: accuracyColumn,
      similarity: similarityColumn, replicate: replicateColumn, cost: costColumn)
    var digest = ContentDigest()
    digest.update(bytes)
    let results = try TableImport(
      CSVTable(bytes, name: table), name: table, columns: columns, unit: unit, renamed: renamed
    ).results(digest: digest.hexadecimal(), provenance: provenance)
    try OutputCheck.require(
      output, overwrite: overwrite, attempt: "cannot write the results")
    try ResultsFile.write(results, to: output)
    let plan = results.plan
    let unknown = plan.arms.filter(\.isNameOnly).map(\.name)
    if !unknown.isEmpty {
      Console.note("No rule advises \(unknown.joined(separator: ", ")); map them with --strategy.")
    }
    let missing = plan.runKeys.count { results[$0] == nil }
    Console.note(
      "\(plan.runKeys.count - missing) runs of \(plan.similarities.count) tasks, "
        + "\(missing) missing. Results: \(output)")
  }

  private var provenance: Provenance {
    Provenance(
      toolVersion: Version.text, commandLine: CommandLine.arguments.joined(separator: " "),
      processor: nil, libraries: [], finishedAt: Date().ISO8601Format(), jobs: 0,
      wallSeconds: 0, taskDigests: [:])
  }
}
