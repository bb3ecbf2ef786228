import Foundation
import TestSupport
import Testing

/// Event files for TensorBoard.
///
/// Folders that cannot be written are refused before anything is trained.
struct TensorBoardTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
    try workspace.write(Data("precious".utf8), to: "notes.txt")
  }

  /// The commands that take the option; none of them finds its data.
  private static let commands =
    [Workspace.sweep()]
    + [
      "compare --weights Datasets/simple.weights.h5 --data none.h5 --output c.h5",
      "train --weights Datasets/simple.weights.h5 --data none.h5 --output m.keras",
    ].map { $0.split(separator: " ").map(String.init) }

  @Test(arguments: commands) func file(command: [String]) throws {
    try workspace.expectRefusal(
      command + ["--tensorboard", "notes.txt"], exitCode: 73,
      saying: "event files notes.txt: it is a file", "Give a folder")
  }

  @Test(arguments: commands) func unwritable(command: [String]) throws {
    try #require(FileManager.default.fileExists(atPath: "/proc"))
    try workspace.expectRefusal(
      command + ["--tensorboard", "/proc/logs"], exitCode: 73,
      saying: "folder in which files can be created")
  }

  /// A file that the command will write is no folder.
  @Test(arguments: commands) func output(command: [String]) throws {
    let output = try #require(command.firstIndex(of: "--output").map { command[$0 + 1] })
    try workspace.expectRefusal(
      command + ["--tensorboard", output], exitCode: 64, saying: "--tensorboard", "the same file")
  }

  /// A sweep has a file for each run.
  @Test func sweep() throws {
    try workspace.addTask()
    let outcome = try workspace.run(Workspace.sweep("--tensorboard", "logs/new"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let files = try workspace.folder.contents().keys.filter { $0.contains("tfevents") }
    let expected = ["feature-extraction", "fine-tuning", "fine-tuning-all", "from-scratch"].map {
      "logs/new/high/n=20/\($0)/r0/events.out.tfevents.0.tlbench"
    }
    #expect(Set(files) == Set(expected))
  }

  /// The result of a training is printed even if its event file cannot be written.
  @Test func resultFirst() throws {
    try workspace.addTask()
    let command = [
      "train", "--weights", "Datasets/simple.weights.h5", "--data", Workspace.task, "--limit", "60",
      "--strategy", "linear-probe", "--tensorboard", "logs", "--output",
    ]
    #expect(try workspace.run(command + ["1.keras"]).exitCode == 0)
    let logs = workspace.path("logs")
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: logs).first)
    try FileManager.default.removeItem(atPath: "\(logs)/\(name)")
    try workspace.write(Data(), to: "logs/\(name)")
    let outcome = try workspace.run(command + ["2.keras"])
    #expect(outcome.exitCode == 74)
    #expect(outcome.output.contains("test accuracy") && workspace.exists("2.keras"))
    #expect(outcome.errors.contains("cannot write TensorBoard's event files logs/\(name)"))
  }
}
