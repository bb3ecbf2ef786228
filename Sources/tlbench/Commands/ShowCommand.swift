import ArgumentParser
import Records
import Reports

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print stored results again, as a table, Markdown, CSV, LaTeX or JSON.",
    discussion: """
      Prints what 'tlbench sweep', 'tlbench compare' or 'tlbench advise' printed at its end, also \
      for results that are not complete; Markdown, CSV and LaTeX have the strategies of a race. \
      LaTeX needs the package booktabs.

      Example: tlbench show Results/sweep.h5 --format latex
      """)

  @Argument(
    help: ArgumentHelp("Results of a sweep, a comparison or a race.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var file: String

  @OptionGroup var printing: TableOptions

  func run() throws {
    let format = try printing.format()
    if let race = try StoredRace(file) {
      try printing.refuseVerbose(because: "the answer of a race is printed as a whole")
      return StandardOutput.write(race.report.text(format))
    }
    let results = try ResultsInput.read(file)
    let layout = printing.layout
    let text =
      results.plan.splitRatio == nil
      ? SweepReport.text(results, format, layout: layout)
      : ComparisonReport.text(results, format, layout: layout)
    StandardOutput.write(text)
  }
}
