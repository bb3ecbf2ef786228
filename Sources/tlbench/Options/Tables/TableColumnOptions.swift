import ArgumentParser
import Results

/// The columns of a table to import, by their content.
struct TableColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Column of the number of labelled training examples.", valueName: "column"))
  var sizeColumn: String?

  @Option(
    help: ArgumentHelp(
      "Column of the strategy's name (default: the first one of a wide table).",
      valueName: "column"))
  var strategyColumn: String?

  @Option(
    help: ArgumentHelp(
      "Column of the target task's name; may be repeated, to join names.", valueName: "column"))
  var taskColumn: [String] = []

  @Option(help: ArgumentHelp("Column of the test accuracy.", valueName: "column"))
  var accuracyColumn: String?

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
    help: ArgumentHelp(
      "Column of the task's group, for validate --compare.", valueName: "column"))
  var groupColumn: String?

  /// The columns of a long table; `nil` if a column that every table needs was not given.
  var long: TableColumns? {
    guard let strategyColumn, let accuracyColumn, !taskColumn.isEmpty else { return nil }
    return TableColumns(
      size: sizeColumn, strategy: strategyColumn, task: taskColumn, accuracy: accuracyColumn,
      similarity: similarityColumn, replicate: replicateColumn, cost: costColumn,
      group: groupColumn)
  }

  /// The first option that a long table needs and that was not given; `nil` if all were.
  ///
  /// - Parameter isSizeKnown: whether all runs have the same size, which was given.
  func missing(isSizeKnown: Bool) -> String? {
    let required = [
      ("--size-column", sizeColumn != nil || isSizeKnown),
      ("--strategy-column", strategyColumn != nil), ("--task-column", !taskColumn.isEmpty),
      ("--accuracy-column", accuracyColumn != nil),
    ]
    return required.first { !$0.1 }?.0
  }

  /// The given options that a wide table does not have.
  var unfitForWide: [String] {
    let options = [
      ("--task-column", !taskColumn.isEmpty), ("--accuracy-column", accuracyColumn != nil),
      ("--similarity-column", similarityColumn != nil), ("--cost-column", costColumn != nil),
      ("--group-column", groupColumn != nil),
    ]
    return options.filter(\.1).map(\.0)
  }
}
