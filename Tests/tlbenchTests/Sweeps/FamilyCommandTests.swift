import Foundation
import Records
import Results
import TestSupport
import Testing

/// Tasks of another family, from their option to reports.
struct FamilyCommandTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  private func sweep(_ more: [String]) throws -> Tool.Outcome {
    try workspace.run(
      Workspace.sweep(["--strategies", "from-scratch", "--task-size", "40"] + more))
  }

  /// A sweep uses weights and tasks of the family, and its results, plan and tables say so.
  @Test func sweep() throws {
    try workspace.addWeights(as: "Datasets/shapes-simple.weights.h5")
    let outcome = try sweep(["--family", "shapes"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("textured shapes"))
    #expect(workspace.exists("Datasets/shapes-target-high-r0.h5"))
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.family == .shapes)
    #expect(Array(results.provenance.taskDigests.keys) == ["shapes-target-high-r0"])
    let described = try workspace.run("inspect", "sweep.h5", "--format", "json")
    #expect(described.output.contains("\"family\": \"shapes\""))

    // The plan alone has the family as well.
    let written = try sweep(["--family", "shapes", "--write-plan", "plan.json"])
    #expect(written.exitCode == 0)
    let planned = try workspace.run(
      "sweep", "--plan", "plan.json", "--output", "planned.h5", "--task-size", "40")
    #expect(planned.exitCode == 0, "\(planned.errors)")
    let digests = try ["sweep.h5", "planned.h5"].map {
      try ResultsFile.digest(of: ResultsFile.read(workspace.path($0)))
    }
    #expect(digests[0] == digests[1])
    try workspace.expectRefusal(
      [
        "sweep", "--plan", "plan.json", "--output", "other.h5", "--task-size", "40", "--family",
        "hierarchy",
      ], exitCode: 64, saying: "--family", "family 'shapes'", "Leave out --family")
  }

  /// Weights of the default family are not used for another one unless they are asked for.
  @Test func weights() throws {
    try workspace.addWeights()
    try workspace.expectRefusal(
      Workspace.sweep("--family", "shapes", "--architecture", "simple"), exitCode: 66,
      saying: "Datasets/shapes-simple.weights.h5", "tlbench pretrain --family shapes")
  }

  /// Kinds of shift belong to the default family.
  @Test(arguments: ["sweep", "generate"]) func shifts(command: String) throws {
    try workspace.expectRefusal(
      [command, "--family", "shapes", "--similarities", "0.5", "--shift", "input"],
      exitCode: 64, saying: "--family", "'input-0.5' has a kind of shift", "textured shapes")
  }

  @Test func unknown() throws {
    try workspace.expectRefusal(
      ["generate", "--family", "circles"], exitCode: 64, saying: "--family",
      "'circles' is unknown", "hierarchy, shapes")
  }
}
