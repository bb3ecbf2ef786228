import Foundation
import HDF5
import Results
import TestSupport
import Testing

/// What commands make of the file that `advise` wrote.
struct StoredRaceTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.writeSides(to: "mine.h5")
  }

  private func advise(_ more: String...) throws -> Tool.Outcome {
    let outcome = try workspace.run(
      [
        "advise", "--weights", "Datasets/simple.weights.h5", "--data", "mine.h5", "--budget", "90s",
        "--strategies", "linear-probe,fine-tuning-one-rate", "--jobs", "2", "--quiet", "--output",
        "race.h5",
      ] + more)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return outcome
  }

  private func output(_ arguments: String...) throws -> String {
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0 && outcome.errors == "", "\(outcome.errors)")
    return outcome.output
  }

  /// `show` prints what `advise` printed, and `report` writes its page, byte by byte.
  @Test func sameBytes() throws {
    try workspace.writeSides(to: "test.h5", count: 30)
    let text = try advise("--test", "test.h5", "--report", "race.html").output
    #expect(try output("show", "race.h5") == text)
    let page = try workspace.bytes(of: "race.html")
    #expect(try Data(output("report", "race.h5", "--output", "-").utf8) == page)
    let json = try output("show", "race.h5", "--format", "json")
    // The same race again, from its journal: elapsed times differ, and are those of the new file.
    let again = try advise("--test", "test.h5", "--format", "json").output
    #expect(again.hasPrefix("{\n  \"format\": 1,") && json.hasPrefix("{\n  \"format\": 1,"))
    #expect(try output("show", "race.h5", "--format", "json") == again)
  }

  /// The strategies are a table in the other formats, and figures and titles are those of pages.
  @Test func formats() throws {
    _ = try advise("--labels", "none")
    let lines = try output("show", "race.h5", "--format", "csv").split(separator: "\n")
    #expect(lines.count == 4 && lines[0].hasPrefix("strategy,status,folds,accuracy,"))
    #expect(lines[3].hasPrefix("majority-class,"))
    #expect(try output("show", "race.h5", "-f", "markdown").hasPrefix("| strategy | folds |"))
    #expect(try output("show", "race.h5", "-f", "latex").contains("\\begin{tabular}"))
    try workspace.expectRefusal(
      ["show", "race.h5", "--verbose"], exitCode: 64, saying: "--verbose", "race")
    let outcome = try workspace.run(
      "report", "race.h5", "--title", "Which?", "--figures", "figures")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(workspace.exists("race.html") && workspace.exists("figures/standing.svg"))
    let page = String(decoding: try workspace.bytes(of: "race.html"), as: UTF8.self)
    #expect(page.contains("<h1>Which?</h1>"))
  }

  /// A race and results of a sweep share a page, and only results of sweeps have a baseline.
  @Test func mixed() throws {
    _ = try advise("--labels", "none")
    try SampleTable.write(to: "sweep.h5", in: workspace)
    let page = try output("report", "race.h5", "sweep.h5", "--output", "-")
    #expect(page.contains("<h1>2 results</h1>"))
    #expect(page.contains("id=\"1-standing\"") && page.contains("id=\"2-map\""))
    try workspace.expectRefusal(
      ["report", "race.h5", "--baseline", "sweep.h5", "--output", "b.html"], exitCode: 65,
      saying: "race.h5: it holds the results of a race, not of a sweep")
    for command in ["digest", "validate"] {
      try workspace.expectRefusal(
        [command, "race.h5"], exitCode: 65, saying: "the results of a race, not of a sweep")
    }
  }

  /// `inspect` says what is inside.
  @Test func inspect() throws {
    _ = try advise("--labels", "none", "--seed", "7")
    let text = try output("inspect", "race.h5")
    #expect(text.hasPrefix("results of a race, simple network\n"), "\(text)")
    for part in [
      "labels           60 examples of 2 classes, 5 folds\n", "strategies       linear-probe (",
      "weights          simple.weights.h5, ", "data             mine.h5, ",
      "seed             7\n", "\ncommand          ", " advise --weights Datasets/",
    ] {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
    let json = try output("inspect", "race.h5", "--format", "json")
    let members = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(members["kind"] as? String == "race" && members["labels"] as? Int == 60)
    let strategies = try #require(members["strategies"] as? [[String: Any]])
    #expect(
      strategies.map { $0["strategy"] as? String }
        == ["linear-probe", "fine-tuning-one-rate", "majority-class"])
    try workspace.expectRefusal(
      ["inspect", "race.h5", "--kernels"], exitCode: 64, saying: "race.h5 holds results")
  }

  /// Files that are damaged or of the first version are refused by every command, with a remedy.
  @Test func refusals() throws {
    _ = try advise("--labels", "none")
    let bytes = try workspace.bytes(of: "race.h5")
    try workspace.write(bytes.prefix(bytes.count / 2), to: "cut.h5")
    let first = try HDF5File.create(workspace.path("first.h5"))
    try first.root.attributes.write("tlbench race", to: "title")
    try first.close()
    let race = try RaceFile.read(workspace.path("race.h5"))
    let report = race[.report].replacing("\"isDecided\"", with: "\"isDecider\"")
    #expect(report != race[.report])
    let wrong = RaceFile(
      names: race.names, folds: race.folds, labels: race.labels, outcomes: race.outcomes,
      standings: race.standings, texts: [.answer: race[.answer], .report: report])
    try wrong.write(to: workspace.path("wrong.h5"))
    for command in ["show", "report", "inspect"] {
      try workspace.expectRefusal([command, "cut.h5"], exitCode: 65, saying: "cut.h5")
      try workspace.expectRefusal(
        [command, "first.h5"], exitCode: 65, saying: "first.h5:/@format_version", "format 1",
        "Run the same 'tlbench advise' again")
      try workspace.expectRefusal(
        [command, "wrong.h5"], exitCode: 65, saying: "wrong.h5:/@report", "not valid JSON")
    }
  }
}
