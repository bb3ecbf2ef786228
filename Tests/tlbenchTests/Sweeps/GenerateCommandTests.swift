import Foundation
import TestSupport
import Testing

/// The commands that make inputs: `generate` and `pretrain`.
struct GenerateCommandTests {
  let workspace: Workspace
  private let arguments = ["generate", "--similarities", "high", "--replicates", "1"]

  init() throws { workspace = try Workspace() }

  /// The same command gives the same bytes, and says what it made.
  @Test func reproducible() throws {
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors == "Generating Datasets/source.h5\nGenerating \(Workspace.task)\n")
    #expect(outcome.output.contains("\(Workspace.task): 10000 training and 2000 test images"))
    let contents = try workspace.folder.contents()
    #expect(contents.keys.sorted() == ["Datasets", "Datasets/source.h5", Workspace.task])
    let other = try Workspace()
    _ = try other.run(arguments)
    #expect(try other.folder.contents() == contents)
  }

  /// What is there already is described and left alone.
  @Test func existing() throws {
    let made = try workspace.run(arguments)
    let contents = try workspace.folder.contents()
    let found = try workspace.run(arguments)
    #expect(found.exitCode == 0)
    #expect(found.output == made.output)
    #expect(found.errors == "")
    #expect(try workspace.folder.contents() == contents)
  }

  /// An impossible setting is refused by the name of its option.
  @Test(arguments: [("--task-size", "5"), ("--noise", "3")])
  func impossibleSettings(option: String, value: String) throws {
    let outcome = try workspace.run(arguments + [option, value])
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.contains("cannot make a task \(option): \(value)"))
    #expect(try workspace.folder.contents().keys.sorted() == ["Datasets"])
  }

  /// Weights are trained on the source task, which is made first, and can be read back.
  @Test func pretraining() throws {
    let outcome = try workspace.run("pretrain", "--architectures", "simple", "--epochs", "1")
    #expect(outcome.exitCode == 0)
    #expect(outcome.errors.hasPrefix("Generating Datasets/source.h5\n"))
    #expect(outcome.output.hasPrefix("Datasets/simple.weights.h5: "))
    #expect(try workspace.run("inspect", "Datasets/simple.weights.h5").exitCode == 0)
  }

  /// A damaged file is reported and not replaced.
  @Test func damaged() throws {
    try workspace.addTask()
    var bytes = try workspace.bytes(of: Workspace.task)
    bytes[bytes.count / 2] ^= 0xFF
    try workspace.write(bytes, to: Workspace.task)
    let outcome = try workspace.run(arguments)
    #expect(outcome.exitCode == 65)
    #expect(outcome.errors.contains("tlbench: cannot read the dataset \(Workspace.task)"))
    #expect(try workspace.bytes(of: Workspace.task) == bytes)
  }
}
