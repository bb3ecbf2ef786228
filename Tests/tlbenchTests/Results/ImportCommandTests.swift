import Foundation
import TestSupport
import Testing

struct ImportCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.write(
      Data("n,m,t,a\r\n100,full,\"pets, cats\",81\r\n100,lora,\"pets, cats\",80\r\n".utf8),
      to: "m.csv")
  }

  private let columns = [
    "--size-column", "n", "--strategy-column", "m", "--task-column", "t", "--accuracy-column", "a",
  ]

  private func arguments(_ more: String...) -> [String] {
    ["import", "m.csv"] + columns + ["--output", "r.h5"] + more
  }

  /// A table becomes a results file that inspect and digest read.
  @Test func imports() throws {
    let outcome = try workspace.run(
      arguments("--accuracy-unit", "percent", "--strategy", "full=fine-tuning-all"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("No rule advises lora"))
    let inspected = try workspace.run("inspect", "r.h5")
    #expect(inspected.output.hasPrefix("results imported from a table\n"))
    #expect(inspected.output.contains("pets, cats"))
    #expect(inspected.output.contains("fine-tuning-all, lora"))
    #expect(try workspace.run("digest", "r.h5").output.count == 65)
  }

  /// Percentages without a word about them are refused, with the line.
  @Test func percent() throws {
    try workspace.expectRefusal(
      arguments(), exitCode: 65,
      saying: "m.csv, line 2", "not in 0...1", "--accuracy-unit to percent")
  }

  /// A file that is there is kept.
  @Test func existing() throws {
    try workspace.write(Data(), to: "r.h5")
    try workspace.expectRefusal(
      arguments("--accuracy-unit", "percent"), exitCode: 73, saying: "r.h5", "the file exists")
  }

  /// Wrong options and tables that are not there are refused.
  @Test(arguments: [
    (["--strategy", "full"], Int32(64), "'full' is not <name>=<strategy>"),
    (["--strategy", "full=tuning"], 64, "'tuning' is unknown"),
    (
      ["--strategy", "full=from-scratch", "--strategy", "full=fine-tuning"], 64,
      "'full' is given twice"
    ),
    (["--strategy", "best=from-scratch", "--accuracy-unit", "percent"], 65, "no strategy 'best'"),
    (["--accuracy-unit", "points"], 64, "'points' is unknown"),
    (["--similarity-column", "s"], 65, "there is no column 's'"),
  ])
  func refusals(more: [String], exitCode: Int32, reason: String) throws {
    try workspace.expectRefusal(
      Workspace.replacing(arguments(), by: more), exitCode: exitCode, saying: reason)
  }

  /// A table that is not there is an input that is missing.
  @Test(arguments: ["none.csv", "Datasets"])
  func missingTable(path: String) throws {
    try workspace.expectRefusal(
      ["import", path] + columns + ["--output", "r.h5"], exitCode: 66, saying: path)
  }
}
