import ArgumentParser
import Records
import Reports

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print stored results again, as a table, Markdown, CSV, LaTeX or JSON.",
    discussion: """
      Prints what 'tlbench sweep' or 'tlbench compare' printed at its end, also for results that \
      are not complete. LaTeX needs the package booktabs.

      Example: tlbench show Results/sweep.h5 --format latex
      """)

  @Argument(
    help: ArgumentHelp("Results of a sweep or a comparison.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var file: String

  @OptionGroup var printing: TableOptions

  func run() throws {
    let format = try printing.format()
    let results = try ResultsInput.read(file)
    let layout = printing.layout
    let text =
      results.plan.splitRatio == nil
      ? SweepReport.text(results, format, layout: layout)
      : ComparisonReport.text(results, format, layout: layout)
    StandardOutput.write(text)
  }
}
