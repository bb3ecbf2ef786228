import Foundation
import TestSupport
import Testing

/// The commands `report` and `show`, and the option `--report` of other commands.
struct ReportCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try SampleTable.write(to: "old.h5", in: workspace)
  }

  private func page(_ name: String) throws -> String {
    String(decoding: try workspace.bytes(of: name), as: UTF8.self)
  }

  /// The page is beside the results, and the same bytes every time; it is not overwritten.
  @Test func beside() throws {
    let outcome = try workspace.run("report", "old.h5")
    #expect(outcome.exitCode == 0 && outcome.output == "")
    #expect(outcome.errors == "Report: old.html\n")
    let first = try page("old.html")
    #expect(first.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(try workspace.run("report", "old.h5", "--output", "-").output == first)
    try workspace.expectRefusal(
      ["report", "old.h5"], exitCode: 73, saying: "old.html", "--overwrite")
    #expect(try workspace.run("report", "old.h5", "--overwrite").exitCode == 0)
  }

  /// Figures are files of their own, and the title is that of the option.
  @Test func figures() throws {
    let outcome = try workspace.run(
      "report", "old.h5", "--figures", "a/b", "--title", "What <we> saw")
    #expect(outcome.exitCode == 0)
    #expect(try page("old.html").contains("<h1>What &lt;we&gt; saw</h1>"))
    let svg = try page("a/b/map.svg")
    #expect(svg.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="))
    try workspace.expectRefusal(
      ["report", "old.h5", "--output", "c.html", "--figures", "a/b"], exitCode: 73,
      saying: ".svg", "--overwrite")
  }

  /// A page or a figure never replaces a file that is read, whatever the file is called.
  @Test(arguments: ["old.h5", "./a/../old.h5", "link.h5", "a/hard.h5"])
  func inputs(output: String) throws {
    let files = FileManager.default
    try files.createDirectory(
      atPath: workspace.path("a"), withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: workspace.path("link.h5"), withDestinationPath: "old.h5")
    try files.linkItem(
      atPath: workspace.path("old.h5"), toPath: workspace.path("a/hard.h5"))
    for arguments in [
      ["report", "old.h5", "--output", output, "--overwrite"],
      ["report", "old.h5", "--output", "page.html", "--figures", output],
      ["check", "old.h5", "--baseline", "old.h5", "--report", output, "--overwrite"],
    ] {
      try workspace.expectRefusal(arguments, exitCode: 64, saying: "the same file as old.h5")
    }
    try workspace.expectRefusal(
      ["report", "old.h5", "--output", "b.html", "--figures", "a/../b.html"], exitCode: 64,
      saying: "--figures", "b.html")
  }

  /// A file is not a folder for figures, and no figure replaces results that have its name.
  @Test func figuresFolder() throws {
    try "text".write(toFile: workspace.path("file"), atomically: true, encoding: .utf8)
    try workspace.expectRefusal(
      ["report", "old.h5", "--figures", "file", "--output", "a.html"], exitCode: 64,
      saying: "--figures", "is a file")
    let files = FileManager.default
    try files.createDirectory(atPath: workspace.path("a"), withIntermediateDirectories: false)
    try files.copyItem(
      atPath: workspace.path("old.h5"), toPath: workspace.path("a/map.svg"))
    try workspace.expectRefusal(
      ["report", "a/map.svg", "--figures", "a", "--output", "a.html", "--overwrite"],
      exitCode: 64, saying: "the same file as a/map.svg")
  }

  /// With a baseline the page is about changes; `check` writes the same page.
  @Test func changes() throws {
    try SampleTable.write(to: "new.h5", in: workspace, loss: 0.03)
    let outcome = try workspace.run(
      "report", "new.h5", "--baseline", "old.h5", "--output", "a.html")
    #expect(outcome.exitCode == 0)
    let check = try workspace.run(
      "check", "new.h5", "--baseline", "old.h5", "--report", "b.html")
    #expect(check.exitCode == 2)
    #expect(try page("a.html").contains("regressions in "))
    #expect(try page("a.html") == page("b.html"))
  }

  /// Several results are one page with a report on each.
  @Test func several() throws {
    try SampleTable.write(to: "new.h5", in: workspace, loss: 0.03)
    let outcome = try workspace.run("report", "old.h5", "new.h5", "--output", "all.html")
    #expect(outcome.exitCode == 0)
    #expect(try page("all.html").contains("<h1>2 results</h1>"))
    try workspace.expectRefusal(
      ["report", "old.h5", "new.h5", "--baseline", "old.h5"], exitCode: 64, saying: "--baseline")
  }

  /// A sweep writes its report at the end, and `show` prints what it printed.
  @Test func sweep() throws {
    try workspace.addWeights()
    try workspace.addTask()
    let outcome = try workspace.run(Workspace.sweep("--report", "sweep.html", "--quiet"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workspace.run("show", "sweep.h5").output == outcome.output)
    #expect(try page("sweep.html") == workspace.run("report", "sweep.h5", "--output", "-").output)
  }

  /// While a sweep runs its page says as of how many runs it is, and browsers read it again.
  ///
  /// A page of what a kill left says that runs are missing, and neither it nor the page at the end,
  /// which is another command here, is read again.
  @Test func running() throws {
    try workspace.addWeights()
    try workspace.addTask()
    let arguments = Workspace.sweep(
      "--sizes", "20,40,1000,2000", "--jobs", "1", "--export-every", "0.05", "--report",
      "sweep.html")
    let tool = try Tool(arguments, in: workspace.folder.url)
    let path = workspace.path("sweep.html")
    _ = try? tool.outcome(after: "[ 3/16]") {
      // The exporter runs beside the workers.
      for _ in 0..<500 where !FileManager.default.fileExists(atPath: path) { usleep(10_000) }
      tool.kill()
    }
    let running = try page("sweep.html")
    #expect(running.contains("<meta http-equiv=\"refresh\" content=\"5\"/>"))
    #expect(running.contains("As of ") && running.contains(" of 16 runs: "))
    let killed = try workspace.run("report", "sweep.h5", "--output", "-").output
    #expect(killed.contains("These results are not complete: "))
    #expect(!killed.contains("refresh") && !killed.contains("As of "))
    #expect(running.hasSuffix("</html>\n"))
    #expect(try workspace.run(arguments).exitCode == 0)
    let finished = try page("sweep.html")
    #expect(!finished.contains("refresh") && !finished.contains("As of "))
  }

  /// Stored results are printed in every format.
  @Test func formats() throws {
    let json = try workspace.run("show", "old.h5", "--format", "json").output
    #expect(json.hasPrefix("{\n  \"format\": 1,\n"))
    let latex = try workspace.run("show", "old.h5", "--format", "latex").output
    #expect(latex.contains("\\begin{tabular}") && latex.contains("\\bottomrule"))
    #expect(latex.split(separator: "\n").count { $0.hasSuffix(" \\\\") } > 6)
    let markdown = try workspace.run("show", "old.h5", "-f", "markdown").output
    #expect(markdown.hasPrefix("| similarity |"))
    try workspace.expectRefusal(["show", "none.h5"], exitCode: 66, saying: "none.h5")
  }
}
