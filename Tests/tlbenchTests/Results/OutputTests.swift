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

  private static let reference = Tool.repository.appending(path: "Results/reference.h5").path

  /// A standard output that takes nothing is an I/O error, for a line and for more than any buffer
  /// holds.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: [
      ["recommend", "--size", "5", "--similarity", "low"], ["digest", reference],
      ["show", reference, "--format", "csv"], ["report", reference, "--output", "-"],
      ["--help"], ["sweep", "--help"], ["--generate-completion-script", "bash"],
    ])
  func fullStandardOutput(arguments: [String]) throws {
    let outcome = try Tool.run(
      arguments, in: workspace.folder.url, script: "\(Tool.script) >/dev/full")
    #expect(outcome.exitCode == 74)
    #expect(
      outcome.errors == "tlbench: cannot write to standard output: No space left on device\n")
  }

  /// What was printed before the end of a sweep is not lost without notice, and the results are
  /// saved.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullStandardOutputOfASweep() throws {
    try workspace.addTask()
    let outcome = try Tool.run(
      Workspace.sweep("--report", "sweep.html"), in: workspace.folder.url,
      script: "\(Tool.script) >/dev/full")
    #expect(outcome.exitCode == 74)
    #expect(outcome.errorLines.last?.hasPrefix("tlbench: cannot write to standard output") == true)
    #expect(workspace.exists("sweep.h5") && workspace.exists("sweep.html"))
  }

  /// A standard output that is closed is an I/O error, and no file that is opened takes its place.
  @Test func closedStandardOutput() throws {
    try workspace.addTask()
    let outcome = try Tool.run(
      Workspace.sweep(), in: workspace.folder.url, script: "\(Tool.script) <&- >&-")
    #expect(outcome.exitCode == 74)
    #expect(
      outcome.errorLines.last
        == "tlbench: cannot write to standard output: Bad file descriptor")
    #expect(workspace.exists("sweep.h5") && !workspace.exists("sweep.h5.journal"))
  }

  /// A reader that has read enough ends the program without a message, by the signal that ends
  /// others, also where that signal is ignored.
  @Test(arguments: ["", "trap '' PIPE; "])
  func closedPipe(trap: String) throws {
    // More than a pipe holds, so that the program is still writing when the reader ends.
    let script = "\(trap){ \"$0\" \"$@\"; echo \"code $?\" >&2; } | head -n 1"
    let outcome = try Tool.run(
      ["show", Self.reference, "--format", "csv"], in: workspace.folder.url, script: script)
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.split(separator: "\n").count == 1)
    #expect(outcome.errors == "code \(128 + SIGPIPE)\n")
  }
}
