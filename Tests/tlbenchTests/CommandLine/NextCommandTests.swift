import Foundation
import HDF5
import Records
import Results
import TestSupport
import Testing

/// The commands that the tool prints to go on with: a shell reads them as they are meant, also with
/// spaces in paths, and they have the options that decide what they do.
struct NextCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    for folder in ["my files", "my tasks"] {
      try FileManager.default.createDirectory(
        atPath: workspace.path(folder), withIntermediateDirectories: false)
    }
  }

  /// Runs a printed command of tlbench in a shell.
  private func run(_ command: some StringProtocol) throws -> Tool.Outcome {
    let rest = try #require(command.split(separator: "tlbench ", maxSplits: 1).last)
    return try Tool.run([], in: workspace.folder.url, script: "\"$0\" \(rest)")
  }

  private func next(_ outcome: Tool.Outcome) throws -> String {
    let line = try #require(outcome.errorLines.last)
    try #require(line.hasPrefix("Next: "), "\(outcome.errors)")
    return String(line.dropFirst(6))
  }

  /// Sixteen images of two classes.
  private func writeImages(to name: String) throws {
    let file = try HDF5File.create(workspace.path(name))
    let bytes = (0..<16 * 256).map { pixel in
      let isFirstClass = (pixel / 256) % 2 == 0
      return isFirstClass ? UInt8(pixel % 251) : UInt8(10)
    }
    try file.root.write(bytes, shape: [16, 16, 16, 1], to: "images")
    try file.root.write((0..<16).map { $0 % 2 }, shape: [16], to: "labels")
    try file.close()
  }

  /// From a comparison to a training to predictions: with the layers to train, the splits, the
  /// seed, techniques and how the images are read.
  @Test func fromComparisonToPredictions() throws {
    try workspace.addWeights("simple", as: "my files/net.weights.h5")
    try writeImages(to: "my files/mine.h5")
    let options = [
      "--channels", "1", "--label-smoothing=0.1", "--seed", "3", "--test-share", "0.25",
    ]
    let comparison = try workspace.run(
      [
        "compare", "--weights", "my files/net.weights.h5", "--data", "my files/mine.h5",
        "--sizes", "full", "--unfreeze", "late", "--strategies", "fine-tuning-late",
        "--replicates", "2", "--output", "my files/compare.h5",
      ] + options)
    #expect(comparison.exitCode == 0, "\(comparison.errors)")
    let train = try next(comparison)
    #expect(
      train == "tlbench train --weights 'my files/net.weights.h5' --data 'my files/mine.h5' "
        + "--unfreeze late --channels 1 --label-smoothing=0.1 --seed 3 --test-share 0.25 "
        + "--output model.keras")
    let training = try run(train)
    #expect(training.exitCode == 0, "\(training.errors)")
    #expect(workspace.exists("model.keras"))
    let predict = try next(training)
    #expect(predict == "tlbench predict model.keras --data 'my files/mine.h5' --channels 1")
    #expect(try run(predict).exitCode == 0)
  }

  /// From the last shard to the merged results: the shell expands the names of all shards.
  @Test func fromShardsToVerdicts() throws {
    try workspace.addWeights()
    try workspace.addTask()
    let shards = try ["1/2", "2/2"].map { shard in
      try workspace.run(Workspace.sweep("--output", "my files/sweep.h5", "--shard", shard))
    }
    let merge = try next(shards[1])
    #expect(
      merge == "tlbench merge 'my files/sweep.shard-'*-of-2.h5 --output 'my files/sweep.h5'")
    let merged = try run(merge)
    #expect(merged.exitCode == 0, "\(merged.errors)")
    let validate = try next(merged)
    #expect(validate == "tlbench validate 'my files/sweep.h5'")
    #expect(try run(validate).exitCode == 0)
  }

  /// The command that resumes a sweep.
  @Test func resuming() throws {
    try workspace.addWeights()
    try workspace.addTask()
    let stopped = try Tool(
      Workspace.sweep(
        "--sizes", "20,40,80", "--jobs", "1", "--output", "my files/sweep.h5"),
      in: workspace.folder.url
    ).outcome(after: "[ 2/12]", signal: SIGINT)
    #expect(stopped.exitCode == 130)
    let resume = try #require(stopped.errors.split(separator: "To resume: ").last)
    #expect(resume.contains("--output 'my files/sweep.h5'"))
    let resumed = try Tool.run([], in: workspace.folder.url, script: String(resume))
    #expect(resumed.exitCode == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("Resuming: "))
  }

  /// A suggested sweep has the folder of tasks of the sweep that the advice is based on.
  @Test func suggestedSweep() throws {
    try workspace.addWeights("simple", as: "my tasks/simple.weights.h5")
    try workspace.addTask()
    try workspace.write(
      try workspace.bytes(of: Workspace.task), to: "my tasks/target-high-r0.h5")
    let sweep = try workspace.run(Workspace.sweep("--tasks", "my tasks"))
    #expect(sweep.exitCode == 0, "\(sweep.errors)")
    let command = try ResultsFile.read(workspace.path("sweep.h5")).provenance.commandLine
    #expect(command.hasSuffix("--tasks 'my tasks'"))
    let advice = try workspace.run(
      "recommend", "--size", "20", "--similarity", "high", "--results", "sweep.h5", "--format",
      "json", "--architecture", "simple")
    #expect(advice.exitCode == 0, "\(advice.errors)")
    #expect(advice.output.contains("--tasks 'my tasks' --output Results/more.h5"))
  }

  /// A file of another kind, with the command that describes it.
  @Test func describing() throws {
    try workspace.addWeights("simple", as: "my files/net.weights.h5")
    let refusal = try workspace.run("show", "my files/net.weights.h5")
    #expect(refusal.exitCode == 65)
    let command = try #require(refusal.errors.split(separator: "this file: ").last)
    #expect(command == "tlbench inspect 'my files/net.weights.h5'\n")
    #expect(try run(command).exitCode == 0)
  }
}
