import ArgumentParser
import Foundation
import Records
import Results

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a results file of a published table, for validate, recommend and check.",
    discussion: """
      The table has comma-separated values (RFC 4180) under a line of column names, one row per \
      task, size, strategy and replicate. Every task gets a place of its own on the similarity \
      axis. Empty accuracies, costs and similarities are figures that are not known.

      A strategy called like an arm of tlbench is taken for it; --arm says which others are. What \
      is left keeps its name and can be compared, but no rule advises it.

      Example: tlbench import matrix.csv --size-column n --strategy-column method \
      --task-column dataset --accuracy-column acc --arm full=fine-tuning-all \
      --output Results/published.h5
      """)

  @Argument(help: "A table of comma-separated values.")
  var table: String

  @Option(help: "Column of the number of labelled training examples.")
  var sizeColumn: String

  @Option(help: "Column of the strategy's name.")
  var strategyColumn: String

  @Option(help: "Column of the target task's name.")
  var taskColumn: String

  @Option(help: "Column of the test accuracy.")
  var accuracyColumn: String

  @Option(help: "Unit of the accuracies: share (0...1) or percent (0...100).")
  var accuracyUnit = AccuracyUnit.share.rawValue

  @Option(help: "Column of the task's similarity to the source, 0...1.")
  var similarityColumn: String?

  @Option(help: "Column that tells repetitions apart, such as a seed; equal values are paired.")
  var replicateColumn: String?

  @Option(help: "Column of the seconds that training took.")
  var costColumn: String?

  @Option(
    name: .customLong("arm"),
    help: "The arm that a strategy of the table is, as <strategy>=<arm>; may be repeated.")
  var arms: [String] = []

  @Option(help: "Where the results go (HDF5).")
  var output: String

  @Flag(help: "Replace a file that exists.")
  var overwrite = false

  func run() throws {
    let unit = try OptionValues.accuracyUnit(accuracyUnit)
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
    try OutputFile.check(
      output, overwrite: overwrite, attempt: "cannot write the results",
      alternative: "another --output")
    try ResultsFile.write(results, to: output)
    let plan = results.plan
    let unknown = plan.arms.filter { $0.learningRates == .uniform(0) }.map(\.name)
    if !unknown.isEmpty {
      Console.note("No rule advises \(unknown.joined(separator: ", ")); --arm says what they are.")
    }
    let missing = plan.cellKeys.count { results[$0] == nil }
    Console.note(
      "\(plan.cellKeys.count - missing) cells of \(plan.similarities.count) tasks, "
        + "\(missing) missing. Results: \(output)")
  }

  private var provenance: Provenance {
    Provenance(
      toolVersion: Version.text, commandLine: CommandLine.arguments.joined(separator: " "),
      processor: "not known", libraries: [], finishedAt: Date().ISO8601Format(), jobs: 0,
      wallSeconds: 0, taskDigests: [:])
  }
}
