import Foundation
import TestSupport
import Testing

/// Outputs that cannot be made: exit code 73, before anything is trained or generated.
struct OutputTests {
  let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    try workspace.addWeights()
  }

  private func expectRefusal(
    of output: String, saying reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    // The task is not there: it would be generated if the output were not checked first.
    try workspace.expectRefusal(
      Workspace.sweep("--output", output), exitCode: 73,
      saying: "cannot write the results", reason, sourceLocation: sourceLocation)
  }

  /// The folder of the output must exist.
  @Test func missingFolder() throws {
    try expectRefusal(of: "none/sweep.h5", saying: "none does not exist\n  Create it")
  }

  /// A regular file is no folder.
  @Test func fileAsFolder() throws {
    try expectRefusal(of: "Datasets/simple.weights.h5/sweep.h5", saying: "is not a folder")
  }

  /// A folder that takes no files is noticed even where the rights allow everything.
  @Test func unwritableFolder() throws {
    try #require(FileManager.default.fileExists(atPath: "/proc"))
    try expectRefusal(of: "/proc/sweep.h5", saying: "folder in which files can be created")
  }

  /// An output that exists is kept.
  @Test func existing() throws {
    try workspace.write(Data("precious".utf8), to: "sweep.h5")
    try expectRefusal(of: "sweep.h5", saying: "the file exists\n  Give --overwrite")
  }

  /// A folder is no output, even with the flag to overwrite.
  @Test(arguments: [[], ["--overwrite"]])
  func folder(flags: [String]) throws {
    try workspace.expectRefusal(
      Workspace.sweep("--output", "Datasets") + flags, exitCode: 73,
      saying: "not a regular file")
  }

  /// A device is no output: replacing it would put an end to it.
  @Test func device() throws {
    try expectRefusal(of: "/dev/null", saying: "not a regular file")
  }

  /// What is not the name of a file is refused.
  @Test(arguments: ["", "sweep.h5/", "/"])
  func noName(output: String) throws {
    try expectRefusal(of: output, saying: "'\(output)': it is not the name of a file")
  }

  /// A name that is too long is noticed before the work.
  @Test(arguments: [230, 300])
  func longName(length: Int) throws {
    try expectRefusal(of: String(repeating: "a", count: length), saying: "too long")
  }

  /// Weights that exist are not trained again without the flag to overwrite.
  @Test func existingWeights() throws {
    try workspace.expectRefusal(
      ["pretrain", "--architectures", "deep,simple"], exitCode: 73,
      saying: "cannot write the weights Datasets/simple.weights.h5: the file exists", "--overwrite")
  }

  /// A standard output that takes nothing is an I/O error.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullStandardOutput() throws {
    let outcome = try Tool.run(
      ["recommend", "--size", "5", "--similarity", "low"], in: workspace.folder.url,
      script: "\(Tool.script) >/dev/full")
    #expect(outcome.exitCode == 74)
  }
}
