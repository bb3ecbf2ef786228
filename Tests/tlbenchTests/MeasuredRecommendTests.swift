import Foundation
import Testing

struct MeasuredRecommendTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try SampleTable.write(to: "r.h5", in: workspace)
  }

  private func recommend(_ more: String...) throws -> Tool.Outcome {
    try workspace.run(["recommend", "--results", "r.h5"] + more)
  }

  private func json(_ outcome: Tool.Outcome) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  /// The better strategy is advised, with its layers, rates and the change to come.
  @Test func advised() throws {
    let outcome = try recommend("--size", "200", "--similarity", "0.5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("strategy        feature-extraction\nfreeze          early"))
    #expect(outcome.output.contains("from feature-extraction to from-scratch"))
    #expect(outcome.output.contains("rule table      fine-tuning (small-other)"))
    #expect(outcome.output.contains("linear interpolation, over log size and similarity"))
  }

  /// The cheapest strategy that suffices wins where cost counts.
  @Test func cheap() throws {
    let document = try json(
      recommend(
        "--size", "1300", "--similarity", "high", "--prefer", "cheap", "--format", "json"))
    #expect(document["arm"] as? String == "feature-extraction")
    #expect(document["decided"] as? Bool == true)
  }

  /// Where the arms are alike either one suffices; a margin that tells them apart leaves it open.
  @Test func undecided() throws {
    let outcome = try recommend(
      "--size", "1000", "--similarity", "high", "--margin", "0.001", "--format", "json")
    let document = try json(outcome)
    #expect(document["decided"] as? Bool == false)
    #expect(document["arm"] is NSNull)
    // A table says nothing of networks that could be trained.
    #expect(document["measure"] is NSNull)
  }

  /// Outside of the measured range the rule table answers.
  @Test func outside() throws {
    let outcome = try recommend("--size", "20000", "--similarity", "high")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.hasPrefix("strategy        fine-tuning (arm fine-tuning-all)\n"))
    #expect(outcome.output.contains("sizes from 100 to 10000 were measured"))
  }

  /// The rule table's advice has the same members in JSON.
  @Test func rulesAsJSON() throws {
    let outcome = try workspace.run(
      "recommend", "--size", "500", "--similarity", "high", "--format", "json")
    let document = try json(outcome)
    #expect(document["arm"] as? String == "feature-extraction")
    #expect(document["source"] as? String == "rule-table")
    #expect((document["learning_rates"] as? [String: Double]) == ["head": 0.001])
  }

  /// Options that cannot be obeyed are refused.
  @Test(arguments: [
    (["--size", "500", "--similarity", "low", "--prefer", "cheap"], Int32(64), "--prefer"),
    (["--size", "500", "--similarity", "unknown"], 64, "unknown"),
    (["--size", "500", "--similarity", "low", "--results", "none.h5"], 66, "none.h5"),
    (["--size", "0", "--similarity", "low", "--results", "r.h5"], 64, "at least 1"),
    (["--size", "5", "--similarity", "2", "--results", "r.h5"], 64, "0...1"),
    (["--size", "5", "--similarity", "low", "--results", "r.h5", "--margin", "0"], 64, "--margin"),
    (
      ["--size", "5", "--similarity", "low", "--results", "r.h5", "--confidence", "1"], 64,
      "--confidence"
    ),
    (
      ["--size", "5", "--similarity", "low", "--results", "r.h5", "--prefer", "fast"], 64, "'fast'"
    ),
    (["--size", "500", "--similarity", "low", "--format", "xml"], 64, "'xml'"),
  ])
  func refusals(arguments: [String], exitCode: Int32, reason: String) throws {
    try workspace.expectRefusal(["recommend"] + arguments, exitCode: exitCode, saying: reason)
  }
}
