import Foundation
import Records
import Results
import TestSupport
import Testing

/// Sweeps in parts, from options and from the environment, and their merging.
struct ShardCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.addTask()
  }

  private func digest(_ name: String) throws -> String {
    try ResultsFile.digest(of: ResultsFile.read(workspace.path(name)))
  }

  private func runShards(_ numbers: [Int], of count: Int) throws {
    for number in numbers {
      let outcome = try workspace.run(Workspace.sweep("--shard", "\(number)/\(count)"))
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
  }

  /// Shards write files of their own, which merge into the results of the whole sweep.
  @Test func shards() throws {
    _ = try workspace.run(Workspace.sweep("--output", "whole.h5"))
    try runShards([1, 2], of: 2)
    let names = (1...2).map { "sweep.shard-\($0)-of-2.h5" }
    let cells = try names.map { name in
      let results = try ResultsFile.read(workspace.path(name))
      return results.plan.runKeys.filter { results[$0] != nil }.count
    }
    #expect(cells.reduce(0, +) == 4)
    let merged = try workspace.run(["merge"] + names.reversed() + ["--output", "merged.h5"])
    #expect(merged.exitCode == 0, "\(merged.errors)")
    #expect(merged.output.hasPrefix("Test accuracy"))
    #expect(try digest("merged.h5") == digest("whole.h5"))
  }

  /// Without all of the shards nothing is written, and what is missing is named; it can be allowed.
  @Test func missingShard() throws {
    try runShards([2], of: 2)
    let file = "sweep.shard-2-of-2.h5"
    try workspace.expectRefusal(
      ["merge", file, "--output", "merged.h5"], exitCode: 1, saying: "high n=20", "shards 1/2",
      "--allow-missing")
    let allowed = try workspace.run("merge", file, "--output", "merged.h5", "--allow-missing")
    #expect(allowed.exitCode == 0)
    #expect(allowed.errors.contains("Missing: "))
    #expect(workspace.exists("merged.h5"))
  }

  /// Results of other sweeps are refused.
  @Test func otherSweep() throws {
    try runShards([1], of: 2)
    _ = try workspace.run(Workspace.sweep("--sizes", "30", "--output", "other.h5"))
    try workspace.expectRefusal(
      ["merge", "sweep.shard-1-of-2.h5", "other.h5", "--output", "merged.h5"], exitCode: 65,
      saying: "sweep.shard-1-of-2.h5", "other.h5", "--sizes")
  }

  /// Merged results replace others only where that is asked for.
  @Test func existingOutput() throws {
    try runShards([1], of: 1)
    try workspace.write(Data("old".utf8), to: "merged.h5")
    let arguments = ["merge", "sweep.shard-1-of-1.h5", "--output", "merged.h5"]
    try workspace.expectRefusal(arguments, exitCode: 73, saying: "merged.h5", "--overwrite")
    #expect(try workspace.run(arguments + ["--overwrite"]).exitCode == 0)
  }

  /// Shards that there are not are refused.
  @Test(arguments: ["0/8", "9/8", "1", "8/", "none/8", "5/5"])
  func refused(text: String) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--shard", text), exitCode: 64, saying: "--shard")
  }

  /// A scheduler's variables name the shard, which is announced; the option comes first.
  @Test(arguments: [
    ([], "Shard 2/2, by the Slurm array task 8\n", "2 runs", ", shard 2/2 of 4 runs"),
    (["--shard", "1/4"], "", "1 run,", ", shard 1/4 of 4 runs"),
    (["--shard", "none"], "", "4 runs", ""),
  ])
  func environment(options: [String], note: String, start: String, end: String) throws {
    let outcome = try Tool.run(
      Workspace.sweep("--dry-run") + options, in: workspace.folder.url,
      environment: [
        "SLURM_ARRAY_TASK_ID": "8", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_MAX": "8",
        "SLURM_ARRAY_TASK_STEP": "3", "SLURM_ARRAY_TASK_COUNT": "2",
      ])
    #expect(outcome.errors == note)
    let line = outcome.output.split(separator: "\n").first ?? ""
    #expect(line.hasPrefix(start) && line.hasSuffix(end))
  }

  /// A shard that was interrupted goes on from its own journal.
  @Test func resumption() throws {
    let arguments = Workspace.sweep("--sizes", "20,40", "--shard", "1/2", "--jobs", "1")
    _ = try Tool(arguments, in: workspace.folder.url).killed(after: "[1/")
    #expect(workspace.exists("sweep.shard-1-of-2.h5.journal"))
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.contains("runs restored from sweep.shard-1-of-2.h5.journal"))
    #expect(!workspace.exists("sweep.shard-1-of-2.h5.journal"))
  }

  /// The command to go on with names a shard that was found in the environment.
  @Test func commandToGoOn() throws {
    let tool = try Tool(
      Workspace.sweep("--sizes", "100,1000", "--jobs", "1"), in: workspace.folder.url,
      environment: ["PARALLEL_SEQ": "1", "TLBENCH_SHARD_COUNT": "2"])
    let outcome = try tool.outcome(after: "[1/", signal: SIGINT)
    #expect(outcome.exitCode == 130)
    #expect(outcome.errors.contains("Shard 1/2, by the sequence number of GNU parallel"))
    #expect(outcome.errors.contains("--jobs 1 --shard 1/2"))
  }
}
