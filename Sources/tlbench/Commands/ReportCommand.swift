import ArgumentParser
import Records
import Reports
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write results as one HTML page with figures, tables and findings.",
    discussion: """
      The page is a single file that loads nothing from the network. It opens by a double click, \
      prints on A4, has a dark theme, and works by keyboard and with a screen reader. Titles say \
      what was found; every figure has its numbers in a table that can be saved as CSV. The same \
      results give the same bytes.

      Several files give one page with a report on each. With --baseline the page shows what \
      changed, as 'tlbench check' judges it.

      Example: tlbench report Results/sweep.h5 --output sweep.html
      """)

  @Argument(
    help: ArgumentHelp("Results of sweeps, comparisons or races.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var files: [String]

  @Option(
    help: ArgumentHelp("Earlier results to compare with.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var baseline: String?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      """
      File for the page; '-' is standard output (default: the name of the results, with .html).
      """, valueName: "path"),
    completion: .file(extensions: ["html"]))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write each figure as an SVG file into this folder.", valueName: "folder"),
    completion: .directory)
  var figures: String?

  @Option(help: ArgumentHelp("Title of the page (default: what was found).", valueName: "text"))
  var title: String?

  @Flag(help: "Overwrite an existing page and existing figures.")
  var overwrite = false

  func validate() throws {
    if baseline != nil, files.count > 1 {
      throw OptionValues.refused(
        "--baseline", "several results are given", "Give one file of results with it.")
    }
  }

  func run() throws {
    let path = output ?? Self.page(of: files[0])
    let inputs = files + [baseline].compactMap { $0 }
    if path != "-" {
      try ReportFile.require(path, of: "--output", besides: inputs, overwrite: overwrite)
    }
    let others = path == "-" ? inputs : inputs + [path]
    if let figures { try ReportFile.requireFolder(figures, of: "--figures", besides: others) }
    let page: ReportPage
    if let baseline {
      page = try ReportPage(
        ReportFile.source(files[0]), baseline: ReportFile.source(baseline), title: title)
    } else {
      page = ReportPage(joining: try files.map(ReportFile.page), title: title)
    }
    if let figures {
      let count = try ReportFile.writeFigures(
        of: page, into: figures, besides: others, overwrite: overwrite)
      Console.note("\(count) figures: \(figures)")
    }
    guard path != "-" else { return StandardOutput.write(page.html) }
    try ReportFile.write(page, to: path)
    Console.note("Report: \(path)")
  }

  /// The page of a file of results: beside it, with another ending.
  private static func page(of file: String) -> String {
    for ending in [".h5", ".hdf5"] where file.hasSuffix(ending) {
      return file.dropLast(ending.count) + ".html"
    }
    return file + ".html"
  }
}
