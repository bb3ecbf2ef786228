import Foundation
import HDF5
import TestSupport
import Testing

/// Commands that read one file: `inspect` and `digest`.
struct InspectCommandTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  private let weights = "Datasets/simple.weights.h5"

  private func expectOutput(of file: String, _ lines: String...) throws {
    let outcome = try workspace.run("inspect", file)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "")
    for line in lines { #expect(outcome.output.contains(line + "\n"), "\(outcome.output)") }
  }

  /// Weights are shown with their layers and shapes.
  @Test func describesWeights() throws {
    try expectOutput(
      of: weights, "pretrained weights, simple architecture", "input            16×16×1",
      "block1_conv1                early   16×16×16     36864          kernel [3, 3, 1, 16]")
  }

  /// A task is shown with its counts.
  @Test func describesTask() throws {
    try workspace.addTask()
    try expectOutput(
      of: Workspace.task, "task target-high-r0", "training         10000 examples",
      "similarity       1.0")
  }

  /// Results are shown with their plan and the digest that `digest` prints.
  @Test func describesResults() throws {
    try workspace.addTask()
    _ = try workspace.run(Workspace.sweep("--strategies", "feature-extraction"))
    let digest = try workspace.run("digest", "sweep.h5").output.trimmingCharacters(in: .newlines)
    try expectOutput(
      of: "sweep.h5", "results of a sweep, simple architecture",
      "runs             1, 0 failed, 0 missing", "digest           \(digest)")
  }

  /// A file that is not there is a missing input.
  @Test(arguments: ["inspect", "digest"])
  func missing(command: String) throws {
    try workspace.expectRefusal(
      [command, "none.h5"], exitCode: 66, saying: "none.h5: there is no such file")
  }

  /// A folder or a device is no input.
  @Test(arguments: [("inspect", "/dev/null"), ("digest", "/dev/null"), ("digest", "Datasets")])
  func notAFile(command: String, file: String) throws {
    try workspace.expectRefusal(
      [command, file], exitCode: 66, saying: "\(file): it cannot be opened")
  }

  /// A folder is that of a model, or no input.
  @Test func folderWithoutModel() throws {
    try workspace.expectRefusal(
      ["inspect", "Datasets"], exitCode: 66,
      saying: "Datasets: it is a folder without model.safetensors")
  }

  /// A file that is no HDF5 is bad data.
  @Test(arguments: ["inspect", "digest"])
  func notHDF5(command: String) throws {
    try workspace.write(Data("text".utf8), to: "a.h5")
    try workspace.expectRefusal(
      [command, "a.h5"], exitCode: 65, saying: "a.h5: it is not an HDF5 file")
  }

  /// An HDF5 file of somebody else's is bad data.
  @Test(arguments: ["inspect", "digest"])
  func foreign(command: String) throws {
    let file = try HDF5File.create(workspace.path("a.h5"))
    try file.root.write([1, 2, 3], shape: [3], to: "numbers")
    try file.close()
    try workspace.expectRefusal([command, "a.h5"], exitCode: 65, saying: "a.h5")
  }

  /// Weights have no digest of results.
  @Test func digestOfWeights() throws {
    try workspace.expectRefusal(
      ["digest", weights], exitCode: 65,
      saying: "\(weights): it holds a network, not results", "results file")
  }

  /// A terminal is not told to do what a name in a file says.
  @Test func controlCharacters() throws {
    let file = try HDF5File.create(workspace.path("a.h5"))
    try file.root.write([1, 2, 3], shape: [3], to: "red\u{1B}[31m")
    try file.close()
    let outcome = try workspace.run("inspect", "a.h5")
    #expect(outcome.exitCode == 65)
    #expect(!outcome.errors.contains("\u{1B}"))
    #expect(outcome.errors.contains("red\\u{1b}[31m"))
  }

  /// Damaged weights are not described.
  @Test(arguments: [100, 5000, 100_000])
  func truncated(length: Int) throws {
    try workspace.write(workspace.bytes(of: weights).prefix(length), to: "a.h5")
    try workspace.expectRefusal(
      ["inspect", "a.h5"], exitCode: 65, saying: "a.h5", "cut off or damaged")
  }
}
