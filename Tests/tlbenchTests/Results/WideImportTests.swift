import Foundation
import TestSupport
import Testing

/// Tables with tasks as columns, and groups of tasks, at the command line.
struct WideImportTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    let tables = Tool.repository.appending(path: "Tests/ResultsTests/Import/Tables")
    for (file, name) in [("vtab_results_original", "vtab.csv"), ("lpft_tables", "lpft.csv")] {
      try workspace.write(
        Data(contentsOf: tables.appending(path: "\(file).csv")), to: name)
    }
  }

  private static let lpft = [
    "import", "lpft.csv", "--strategy-column", "arm", "--task-column", "split", "--task-column",
    "task", "--accuracy-column", "accuracy_percent", "--accuracy-unit", "percent",
    "--group-column", "split",
  ]

  /// A wide table that is read as a long one is recognized, and the command in the error imports
  /// it, whether columns were named or not.
  @Test(arguments: [
    [],
    [
      "--size-column", "1000", "--strategy-column", "method", "--task-column", "dataset",
      "--accuracy-column", "acc",
    ],
  ])
  func recognized(columns: [String]) throws {
    let arguments = ["import", "vtab.csv"] + columns + ["--output", "v.h5"]
    try workspace.expectRefusal(
      arguments, exitCode: 65,
      saying: "vtab.csv: its columns seem to be tasks, below a header of 2 rows",
      "--wide --header-rows 2 --size full=50000")
    let errors = try workspace.run(arguments).errors
    let start = try #require(errors.range(of: " in: tlbench ")?.upperBound)
    let command = errors[start...].split(whereSeparator: \.isWhitespace).map(String.init)
    let outcome = try workspace.run(command)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("608 runs of 19 tasks, 0 missing. Results: v.h5"))
    let inspected = try workspace.run("inspect", "v.h5").output
    #expect(inspected.contains("train sizes      1000, 50000\n"))
    #expect(inspected.contains("runs             608, 0 failed, 0 missing\n"))
    #expect(!inspected.contains("groups "))
  }

  /// The columns of a long table are asked for, not those of a wide one.
  @Test func missingColumns() throws {
    try workspace.expectRefusal(
      ["import", "lpft.csv", "--output", "l.h5"], exitCode: 64,
      saying: "--size-column was not given", "--wide")
  }

  /// Two strategies are compared over the tasks of every group, in every format.
  @Test func comparison() throws {
    let imported = try workspace.run(Self.lpft + ["--size", "1000", "--output", "l.h5"])
    #expect(imported.exitCode == 0, "\(imported.errors)")
    #expect(imported.errors.contains("33 runs of 11 tasks, 0 missing"))
    #expect(try workspace.run("inspect", "l.h5").output.contains("groups           ID, OOD\n"))
    let arguments = ["validate", "l.h5", "--compare", "LP-FT,FT"]
    let text = try workspace.run(arguments)
    #expect(text.exitCode == 0 && text.errors == "", "\(text.errors)")
    #expect(text.output.contains("LP-FT minus FT, by group of tasks"))
    let lines = text.output.split(separator: "\n").map {
      $0.split(separator: " ").joined(separator: " ")
    }
    #expect(lines.contains("ID 1000 5 86.5 85.8 0.68 [-4.54, 5.90]"))
    #expect(lines.contains("OOD 1000 6 74.4 66.8 7.65 [-1.77, 17.07]"))
    for (format, part) in [
      ("markdown", "## LP-FT minus FT"), ("csv", "\ncomparison,LP-FT minus FT,ID,"),
      ("json", "\"comparison\": {"),
    ] {
      let outcome = try workspace.run(arguments + ["--format", format])
      #expect(outcome.exitCode == 0 && outcome.output.contains(part), "\(format)")
    }
    let plain = try workspace.run("validate", "l.h5")
    #expect(plain.errors.contains("--compare A,B"))
    #expect(!plain.output.contains("by group of tasks"))
  }

  /// Pairs that are not two strategies of the results are refused.
  @Test(arguments: [
    ("FT", "'FT' is not two strategies"), ("FT,FT", "two different strategies"),
    ("FT,SFT", "Their strategies are FT, LP, LP-FT"),
  ])
  func badPairs(pair: String, reason: String) throws {
    let imported = try workspace.run(Self.lpft + ["--size", "1000", "--output", "l.h5"])
    #expect(imported.exitCode == 0)
    try workspace.expectRefusal(
      ["validate", "l.h5", "--compare", pair], exitCode: 64, saying: "--compare", reason)
  }

  /// Groups may be given by task.
  @Test func groupOption() throws {
    try workspace.write(Data("m,a=b,c\nx,1,0\ny,0.5,1\n".utf8), to: "w.csv")
    let outcome = try workspace.run(
      "import", "w.csv", "--wide", "--size", "10", "--group", "a=b=one", "--group", "c=two",
      "--output", "w.h5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try workspace.run("inspect", "w.h5").output.contains("groups           one, two\n"))
  }

  /// Options that contradict each other or the table are refused.
  @Test(arguments: [
    (["--header-rows", "2"], Int32(64), "only a wide table has it"),
    (["--wide"], 64, "its numbers of training examples are not known"),
    (["--wide", "--header-rows", "0"], 64, "0 is not in 1...20"),
    (["--wide", "--header-rows", "2", "--task-row", "3"], 64, "3 is not in 1...2"),
    (
      ["--wide", "--header-rows", "2", "--task-row", "1", "--size-row", "1"], 64,
      "header row 1 is also that of --task-row"
    ),
    (["--wide", "--size", "10", "--task-column", "x"], 64, "a wide table has no such column"),
    (["--wide", "--size", "full"], 64, "'full' is neither"),
    (["--wide", "--size", "full=all"], 64, "'all' for full is not a whole number"),
    (["--wide", "--size", "10", "--size", "20"], 64, "two sizes are for all runs"),
    (["--wide", "--size", "10", "--header-rows", "2", "--size-row", "1"], 64, "has sizes"),
    (["--wide", "--size", "10", "--group", "pets"], 64, "'pets' is not <task>=<group>"),
    (["--wide", "--header-rows", "2"], 65, "'full' in column 21"),
    (["--wide", "--header-rows", "2", "--size", "full=50000"], 65, "'metadata' in column 40"),
    (
      ["--wide", "--header-rows", "2", "--skip-column", "meta"], 65,
      "no column has the header text 'meta'"
    ),
    (
      [
        "--wide", "--header-rows", "2", "--size", "full=50000", "--skip-column", "metadata",
        "--accuracy-unit", "percent", "--group", "Pets=natural",
      ], 65, "the task 'CIFAR-100' has no group"
    ),
  ])
  func refusals(more: [String], exitCode: Int32, reason: String) throws {
    try workspace.expectRefusal(
      ["import", "vtab.csv"] + more + ["--output", "v.h5"], exitCode: exitCode, saying: reason)
  }
}
