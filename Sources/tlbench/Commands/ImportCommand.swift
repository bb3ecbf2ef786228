import ArgumentParser
import Records
import Results

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Convert a published table into results, for validate, recommend and check.",
    discussion: """
      The table has comma-separated values (RFC 4180). A long table has a line of column names and \
      one row per task, size, strategy and replicate; a wide table (--wide) has tasks as columns. \
      Every task becomes a value of its own on the similarity axis. Empty accuracies, costs and \
      similarities are unknown values.

      Strategies named like a tlbench strategy are mapped to it; map others with --strategy. \
      Strategies that are not mapped keep their name and can be compared, but no rule advises them.

      Example: tlbench import matrix.csv --size-column n --strategy-column method \
      --task-column dataset --accuracy-column acc --strategy full=fine-tuning-all \
      --output Results/published.h5

      A wide table with sizes above the tasks: tlbench import vtab.csv --wide --header-rows 2 \
      --size full=50000 --skip-column metadata --accuracy-unit percent --output Results/vtab.h5
      """)

  @Argument(
    help: ArgumentHelp("A table of comma-separated values.", valueName: "path"),
    completion: .file(extensions: ["csv"]))
  var table: String

  @OptionGroup(title: "Required") var required: Required

  @OptionGroup(title: "Values") var values: Values

  @OptionGroup(title: "Results") var saving: Saving

  @OptionGroup(title: "Columns") var columns: TableColumnOptions

  @OptionGroup(title: "Wide tables") var layout: WideTableOptions

  /// The file that is written.
  struct Required: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: ArgumentHelp("File for the results (HDF5).", valueName: "path"),
      completion: .file(extensions: ["h5"]))
    var output: String
  }

  /// What the values of the table mean.
  struct Values: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "Unit of the accuracies: share (0...1) or percent (0...100).", valueName: "unit"))
    var accuracyUnit = Choice(AccuracyUnit.share)

    @Option(
      help: ArgumentHelp(
        """
        Number of training examples that a word such as full stands for in every task, or of all \
        runs of a table without sizes; may be repeated.
        """, valueName: "count or word=count"))
    var size: [String] = []

    @Option(
      help: ArgumentHelp(
        "Put a task into a group, for validate --compare; may be repeated.", valueName: "task=group"
      ))
    var group: [String] = []

    @Option(
      name: .customLong("strategy"),
      help: ArgumentHelp(
        "Map a strategy of the table to one of tlbench; may be repeated.",
        valueName: "name=strategy"))
    var arms: [String] = []
  }

  /// What happens to existing results.
  struct Saving: ParsableArguments {
    @Flag(help: "Overwrite an existing file.")
    var overwrite = false
  }

  func validate() throws {
    let sizes = try OptionValues.tableSizes(values.size)
    if layout.wide, let option = columns.unfitForWide.first {
      throw OptionValues.refused(
        option, "a wide table has no such column", "Leave it out, or --wide.")
    }
    if sizes.ofAll != nil, columns.sizeColumn != nil || layout.sizeRow != nil {
      throw OptionValues.refused(
        "--size", "the table has sizes",
        "Give --size without a word only for a table without them.")
    }
    if !values.group.isEmpty, columns.groupColumn != nil || layout.groupRow != nil {
      throw OptionValues.refused("--group", "the table has groups", "Give only one of them.")
    }
    guard layout.wide, sizes.ofAll == nil, columns.sizeColumn == nil,
      layout.layout(columns, isSizeKnown: false).sizeRow == nil
    else { return }
    throw Failure(
      .usage, "cannot import the table", on: table,
      because: "its numbers of training examples are not known",
      remedy: "Give --header-rows if the header has sizes, --size-column if a column has them, or "
        + "--size for all runs.")
  }

  func run() throws {
    try DefaultFolder.checkOutput(
      required.output, overwrite: saving.overwrite, attempt: "cannot write the results")
    let results = try results()
    try DefaultFolder.make(for: required.output)
    try ResultsFile.write(results, to: required.output)
    let plan = results.plan
    let unknown = plan.arms.filter(\.isNameOnly).map(\.name)
    if !unknown.isEmpty {
      Console.note("No rule advises \(unknown.joined(separator: ", ")); map them with --strategy.")
    }
    Console.note(
      "\(results.endedCount) runs of \(plan.similarities.count) tasks, "
        + "\(results.missingAtMeasuredPlaces) missing. Results: \(required.output)")
  }
}
