import Foundation
import Records
import Results
import TestSupport
import Testing

/// Plans that come from files and go into files, and arms that are asked for by name.
struct PlanOptionTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  private func add(_ plan: String, as name: String = "plan.json") throws {
    try workspace.write(Data(plan.utf8), to: name)
  }

  private static let plan = """
    {"version": 1, "architecture": "simple", "similarities": ["high"], "train_sizes": [20, 40],
     "strategies": ["linear-probe", {"name": "fine-tuning", "techniques": {"label_smoothing": 0.1}}],
     "replicates": 2, "limits": [{"above_train_size": 20, "replicates": 1}]}
    """

  /// The plan of a file is what is measured, no cell outside of its limits.
  @Test func planFromFile() throws {
    try add(Self.plan)
    let outcome = try workspace.run("sweep", "--plan", "plan.json", "--output", "sweep.h5")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.runKeys.count == 6)
    #expect(results.plan.gridKeys.count == 8)
    #expect(results.plan.arms.map(\.techniques.labelSmoothing) == [0, 0.1])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
  }

  /// A file that `--write-plan` wrote asks for the same sweep as the options did.
  @Test func writtenPlan() throws {
    let options = ["--strategies", "fine-tuning-at-once,from-scratch", "--label-smoothing", "0.1"]
    let written = try workspace.run(Workspace.sweep(options + ["--write-plan", "plan.json"]))
    #expect(written.exitCode == 0, "\(written.errors)")
    #expect(!workspace.exists("sweep.h5"))
    _ = try workspace.run(Workspace.sweep(options))
    _ = try workspace.run("sweep", "--plan", "plan.json", "--output", "planned.h5")
    let digests = try ["sweep.h5", "planned.h5"].map {
      try ResultsFile.digest(of: ResultsFile.read(workspace.path($0)))
    }
    #expect(digests[0] == digests[1])
  }

  /// An existing file is replaced only where that is asked for.
  @Test func planIsNotOverwritten() throws {
    try add("old")
    try workspace.expectRefusal(
      Workspace.sweep("--write-plan", "plan.json"), exitCode: 73, saying: "plan.json", "exists")
    let outcome = try workspace.run(Workspace.sweep("--write-plan", "plan.json", "--overwrite"))
    #expect(outcome.exitCode == 0)
  }

  /// Options that would change the plan of a file are refused by name.
  @Test(arguments: [
    ["--sizes", "20"], ["--similarities", "low"], ["--strategies", "fine-tuning"],
    ["--architecture", "simple"], ["--replicates", "1"], ["--depths", "all"],
    ["--unfreeze", "late"], ["--head-first", "0.25"], ["--converged-head"], ["--dropout", "0"],
    ["--augment", "flip"], ["--batch-norm", "frozen"],
  ])
  func contradiction(options: [String]) throws {
    try add(Self.plan)
    try workspace.expectRefusal(
      ["sweep", "--plan", "plan.json"] + options, exitCode: 64, saying: options[0], "--plan")
  }

  /// `--quick` is one replicate of the two smallest sizes; the other options keep their meaning.
  @Test func quickPlan() throws {
    let options = ["--architecture", "simple", "--similarities", "high", "--strategies"]
    let outcome = try workspace.run(
      ["sweep", "--quick", "--output", "quick.h5"] + options + ["feature-extraction,linear-probe"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let plan = try ResultsFile.read(workspace.path("quick.h5")).plan
    #expect(plan.trainSizes == [100, 1_000])
    #expect(plan.replicates == 1)
    #expect(plan.similarities == [.high])
    #expect(plan.arms.map(\.name) == ["feature-extraction", "linear-probe"])
  }

  /// `--quick` is refused with options that it stands for, and if tasks are too small for it.
  @Test(arguments: [
    ["--sizes", "20"], ["--size", "100,1000"], ["--replicates", "1"], ["--plan", "plan.json"],
  ])
  func quickContradiction(options: [String]) throws {
    try add(Self.plan)
    try workspace.expectRefusal(
      ["sweep", "--quick"] + options, exitCode: 64, saying: "--quick", "Leave out --quick, or --")
    try workspace.expectRefusal(
      ["sweep", "--quick", "--task-size", "500"], exitCode: 64, saying: "--quick",
      "1000 is more than the 500 training examples", "--task-size 1000")
  }

  /// A plan that cannot be read is refused with its file and the place in it.
  @Test func refusedPlan() throws {
    try add(Self.plan.replacing("0.1", with: "7"))
    try workspace.expectRefusal(
      ["sweep", "--plan", "plan.json"], exitCode: 65,
      saying: "plan.json:/strategies/1/techniques/label_smoothing", "it is 7")
    try workspace.expectRefusal(
      ["sweep", "--plan", "none.json"], exitCode: 66, saying: "none.json", "no such file")
  }

  /// A strategy can be asked for by its other name, and a tuned one keeps its own rates.
  @Test func otherNames() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "feature-extraction-trained,from-scratch-tuned", "--rate-factors", "0.5,2"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let results = try ResultsFile.read(workspace.path("sweep.h5"))
    #expect(results.plan.arms.map(\.name) == ["feature-extraction", "from-scratch-tuned"])
    #expect(results.plan.arms.map(\.techniques.rateFactors) == [[0.5, 2], [1, 3, 10]])
    #expect(results.plan.runKeys.allSatisfy { results[$0]?.measurement != nil })
    try workspace.expectRefusal(
      Workspace.sweep("--overwrite", "--strategies", "tuned"), exitCode: 64,
      saying: "'tuned' is unknown", "fine-tuning-tuned", "feature-extraction-trained")
  }

  /// A technique that a strategy with a solved head cannot have is refused by the names of both.
  @Test(arguments: [["--dropout", "0.2"], ["--hidden-units", "8"]])
  func solvedHead(options: [String]) throws {
    try workspace.expectRefusal(
      Workspace.sweep(["--strategies", "linear-probe,fine-tuning"] + options), exitCode: 64,
      saying: options[0], "'linear-probe' solves the head", "feature-extraction-tuned")
  }

  /// Arms that are not in the default sweep can be asked for by name; what they are about stays,
  /// whatever the options say of all arms.
  @Test func namedArms() throws {
    let outcome = try workspace.run(
      Workspace.sweep(
        "--strategies", "linear-probe,fine-tuning-at-once,fine-tuning", "--head-first", "0.5",
        "--weight-decay", "0.01"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let arms = try ResultsFile.read(workspace.path("sweep.h5")).plan.arms.map(\.techniques)
    #expect(arms.map(\.convergedHead) == [true, false, false])
    #expect(arms.map(\.headFirst) == [0.5, 0, 0.5])
    #expect(arms.map(\.weightDecay) == [0.01, 0.01, 0.01])
  }
}
