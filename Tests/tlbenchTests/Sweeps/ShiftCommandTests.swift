import Foundation
import Records
import Results
import TestSupport
import Testing

/// Tasks with a kind of shift, from their options to reports.
struct ShiftCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  /// Every kind is combined with every similarity, or with similarities of its own if none are
  /// given.
  @Test(
    arguments: [
      (["--shift", "input,all", "--similarities", "0.5"], ["input-0.5", "0.5"]),
      (["--shift", "feature"], ["feature-0.25", "feature-0.5", "feature-0.75"]),
      (["--shift", "all"], ["low", "medium", "high"]),
      (["--similarities", "output-low,high"], ["output-low", "high"]),
    ])
  func combined(options: [String], labels: [String]) throws {
    let outcome = try workspace.run(
      [
        "sweep", "--architecture", "simple", "--replicates", "1", "--sizes", "20", "--strategies",
        "from-scratch", "--write-plan", "plan.json",
      ] + options)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let plan = try #require(
      try JSONSerialization.jsonObject(with: workspace.bytes(of: "plan.json")) as? [String: Any])
    let written = try #require(plan["similarities"] as? [Any])
    #expect(written.map { "\($0)" } == labels)
    let dry = try workspace.run("sweep", "--plan", "plan.json", "--dry-run", "--list-runs")
    for label in labels { #expect(dry.output.contains("\n\(label) n=20 from-scratch r0")) }
  }

  /// Unknown and repeated kinds, and kinds that contradict something, are refused.
  @Test(
    arguments: [
      (["--shift", "style"], "'style' is unknown", "input, feature, output, all"),
      (["--shift", "input,input"], "'input' is given twice", "input"),
      (["--shift", ""], "'' is unknown", "input"),
      (
        ["--shift", "input", "--similarities", "0.5,output-0.5"],
        "the similarity 'output-0.5' has a kind of its own", "Leave out --shift"
      ),
      (["--shift", "input", "--plan", "p.json"], "the file of --plan defines the plan", "--shift"),
    ])
  func refused(options: [String], reason: String, remedy: String) throws {
    try workspace.expectRefusal(
      ["sweep", "--output", "a.h5"] + options, exitCode: 64, saying: "--shift", reason, remedy)
  }

  /// Kinds are known of measured synthetic tasks only.
  @Test func refusedAdvice() throws {
    try workspace.expectRefusal(
      ["recommend", "--size", "20", "--similarity", "high", "--shift", "input"], exitCode: 64,
      saying: "--shift", "the folk rules do not use it", "--results")
    try workspace.expectRefusal(
      ["recommend", "--size", "20", "--similarity", "input-0.5"], exitCode: 64,
      saying: "--similarity", "the folk rules know no kinds of shift", "--results")
    try SampleTable.write(to: "r.h5", in: workspace)
    try workspace.expectRefusal(
      [
        "recommend", "--size", "200", "--similarity", "0.5", "--shift", "input", "--results",
        "r.h5",
      ], exitCode: 64, saying: "--shift", "kinds of shift are known of synthetic tasks only",
      "Leave it out.")
    try workspace.expectRefusal(
      [
        "recommend", "--size", "200", "--similarity", "output-0.5", "--shift", "input",
        "--results", "r.h5",
      ], exitCode: 64, saying: "--shift", "'output-0.5' has another kind")
  }

  /// Tasks are generated under the name of their kind.
  @Test func generated() throws {
    let outcome = try workspace.run(
      "generate", "--shift", "output", "--similarities", "0.5", "--replicates", "1",
      "--task-size", "20")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(workspace.exists("Datasets/target-output-0.5-r0.h5"))
  }

  /// A sweep over kinds has them in its results and reports, and advice is about one kind.
  @Test func reports() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--shift", "input,feature", "--similarities", "0.5", "--strategies",
        "linear-probe,from-scratch", "--format", "csv", "--task-size", "20"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("similarity,similarity_value,shift,train_size,strategy,"))
    #expect(lines[1].hasPrefix("input-0.5,0.5,input,20,linear-probe,"))
    #expect(lines[3].hasPrefix("feature-0.5,0.5,feature,20,linear-probe,"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.similarities.map(\.shift) == [.input, .feature])

    let judged = try workspace.run("validate", "sweep.h5", "--format", "csv")
    #expect(judged.output.contains(",similarity,similarity_value,shift,train_size,"))
    #expect(judged.output.contains(",input-0.5,0.5,input,20,"))

    try workspace.expectRefusal(
      ["recommend", "--size", "20", "--similarity", "0.5", "--results", "sweep.h5"], exitCode: 64,
      saying: "--shift", "the results have tasks of the kind input, feature, not all",
      "Give --shift input")
    for options in [["--similarity", "0.5", "--shift", "input"], ["--similarity", "input-0.5"]] {
      let advice = try workspace.run(
        ["recommend", "--size", "20", "--results", "sweep.h5", "--format", "json"] + options)
      #expect(advice.exitCode == 0, "\(advice.errors)")
      #expect(advice.output.contains(#""shift": "input""#))
      #expect(advice.output.contains(#""similarity": "input-0.5""#))
    }
  }
}
