import Foundation
import TestSupport
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
    let outcome = try recommend("--size", "200", "--similarity", "0.5", "--verbose")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("strategy        feature-extraction\nfreeze          early"))
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("changes feature-extraction up to "))
    #expect(words.contains("], then from-scratch"))
    #expect(outcome.output.contains("rule table      fine-tuning (small-other)"))
    #expect(outcome.output.contains("linear interpolation, over log size and similarity"))
  }

  /// The cheapest strategy that suffices is advised if cost counts.
  @Test func cheap() throws {
    let document = try json(
      recommend(
        "--size", "1300", "--similarity", "high", "--prefer", "cheap", "--format", "json"))
    #expect(document["strategy"] as? String == "feature-extraction")
    #expect(document["decided"] as? Bool == true)
  }

  /// Between equal strategies a tiny margin leaves the choice undecided.
  @Test func undecided() throws {
    let outcome = try recommend(
      "--size", "1000", "--similarity", "high", "--margin", "0.001", "--format", "json")
    let document = try json(outcome)
    #expect(document["decided"] as? Bool == false)
    #expect(document["strategy"] is NSNull)
    // An imported table does not name a network that could be trained.
    #expect(document["measure"] is NSNull)
  }

  /// Outside the measured range the answer is extrapolated and says so.
  @Test func outside() throws {
    let outcome = try recommend("--size", "20000", "--similarity", "high")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output.hasPrefix(
        "outside         extrapolated, do not rely on it\nstrategy        from-"))
    #expect(outcome.output.contains("sizes from 100 to 10000 were measured"))
    let document = try json(
      recommend("--size", "20000", "--similarity", "high", "--format", "json"))
    #expect(document["source"] as? String == "extrapolation")
    #expect(document["decided"] as? Bool == false)
    let predictions = try #require(document["predictions"] as? [[String: Any]])
    #expect(predictions.allSatisfy { $0["accuracy_interval"] is NSNull })
  }

  /// A solved head has no learning rate, in text and in JSON.
  @Test func solvedHead() throws {
    let table = """
      n,arm,task,acc,sim,rep
      100,linear-probe,a,0.9,1,0
      100,linear-probe,a,0.91,1,1
      100,from-scratch,a,0.2,1,0
      100,from-scratch,a,0.21,1,1
      """
    try workspace.write(Data(table.utf8), to: "probe.csv")
    let options = Array(SampleTable.options.dropLast(2))
    let made = try workspace.run(
      ["import", "probe.csv"] + options + ["--output", "probe.h5"])
    #expect(made.exitCode == 0, "\(made.errors)")
    let question = ["recommend", "--size", "100", "--similarity", "high", "--results", "probe.h5"]
    let text = try workspace.run(question)
    #expect(text.output.contains("learning rates  none: the head is solved by L-BFGS\n"))
    #expect(text.output.contains("warning         The figures rest on 2 replicates"))
    let document = try json(try workspace.run(question + ["--format", "json"]))
    #expect((document["learning_rates"] as? [String: Double]) == [:])
    #expect(document["head_solver"] as? String == "L-BFGS")
    #expect(document["replicates"] as? Int == 2)
    #expect((document["warnings"] as? [String])?.count == 1)
  }

  /// Several results are joined by place, whatever their order; a file counts once.
  @Test func joined() throws {
    let question = ["--size", "200", "--similarity", "0.5", "--format", "json"]
    let alone = try json(try workspace.run(["recommend", "--results", "r.h5"] + question))
    let twice = try json(
      try workspace.run(["recommend", "--results", "r.h5", "--results", "r.h5"] + question))
    #expect(alone["predictions"] as? NSArray == twice["predictions"] as? NSArray)
    try workspace.expectRefusal(
      ["recommend", "--results", "r.h5", "--results", "none.h5"] + question, exitCode: 66,
      saying: "none.h5")
  }

  /// An option of one value that is given twice is refused, by any command, under any of its names.
  @Test(arguments: [
    ["recommend", "--size", "5", "--similarity", "low", "--size", "7"],
    ["validate", "r.h5", "--margin=1", "--margin", "2"],
    ["sweep", "--sizes", "10", "--sizes=20"], ["sweep", "--sizes", "10", "--size", "20"],
    ["sweep", "-j", "1", "--jobs", "2"], ["merge", "r.h5", "-o", "a.h5", "-o=b.h5"],
  ]) func repeatedOptions(arguments: [String]) throws {
    try workspace.expectRefusal(arguments, exitCode: 64, saying: "given more than once")
  }

  /// The rule table's advice has the same members in JSON.
  @Test func rulesAsJSON() throws {
    let outcome = try workspace.run(
      "recommend", "--size", "500", "--similarity", "high", "--format", "json")
    let document = try json(outcome)
    #expect(document["strategy"] as? String == "feature-extraction")
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
