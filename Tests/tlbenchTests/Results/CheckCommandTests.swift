import Foundation
import Testing

struct CheckCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try SampleTable.write(to: "old.h5", in: workspace)
  }

  /// Results checked against themselves pass.
  @Test func itself() throws {
    let outcome = try workspace.run("check", "old.h5", "--baseline", "old.h5")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("No regression in "))
  }

  /// A strategy that lost three points ends in exit code 2, with the places in every format.
  @Test(arguments: ["table", "markdown", "csv", "json"])
  func worsened(format: String) throws {
    try SampleTable.write(to: "new.h5", in: workspace, loss: 0.03)
    let outcome = try workspace.run(
      "check", "new.h5", "--baseline", "old.h5", "--format", format)
    #expect(outcome.exitCode == 2)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    if format == "json" {
      let document = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(document["regression"] as? Bool == true)
      let changes = try #require(document["changes"] as? [[String: Any]])
      #expect(changes.count { $0["result"] as? String == "worse" && $0["train_size"] is Int } == 6)
    } else {
      let cells = lines.filter {
        $0.contains("worse") && $0.contains("feature-extraction") && !$0.contains("all")
      }
      #expect(cells.count == 6, "\(outcome.output)")
    }
  }

  /// A larger tolerance accepts the loss.
  @Test func tolerances() throws {
    try SampleTable.write(to: "new.h5", in: workspace, loss: 0.03)
    try workspace.write(Data(#"{"accuracy": {"absolute": 0.04}}"#.utf8), to: "t.json")
    let outcome = try workspace.run(
      "check", "new.h5", "--baseline", "old.h5", "--tolerances", "t.json")
    #expect(outcome.exitCode == 0, "\(outcome.output)")
  }

  /// Files that are missing or invalid are refused.
  @Test(arguments: [
    (["none.h5", "--baseline", "old.h5"], Int32(66), "none.h5"),
    (["old.h5", "--baseline", "none.h5"], 66, "none.h5"),
    (["old.h5", "--baseline", "old.h5", "--tolerances", "none.json"], 66, "none.json"),
    (["old.h5", "--baseline", "old.h5", "--tolerances", "table.csv"], 65, "not a JSON object"),
    (["old.h5", "--baseline", "old.h5", "--format", "xml"], 64, "'xml' is unknown"),
  ])
  func refusals(arguments: [String], exitCode: Int32, reason: String) throws {
    try workspace.expectRefusal(["check"] + arguments, exitCode: exitCode, saying: reason)
  }
}
