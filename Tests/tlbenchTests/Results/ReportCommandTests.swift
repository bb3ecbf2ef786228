import Foundation
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
