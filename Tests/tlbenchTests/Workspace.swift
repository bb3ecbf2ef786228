import Foundation
import Records
import TaskData
import TestSupport
import Testing

/// A folder to run the tool in, with a folder `Datasets` that is empty at first.
struct Workspace {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path("Datasets"), withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { folder.path(name) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func bytes(of name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

  func write(_ bytes: Data, to name: String) throws {
    try bytes.write(to: URL(filePath: path(name)))
  }

  // MARK: Inputs

  /// Weights that the repository ships.
  func addWeights(_ architecture: String = "simple", as name: String? = nil) throws {
    try FileManager.default.copyItem(
      at: Tool.repository.appending(path: "Datasets/\(architecture).weights.h5"),
      to: URL(filePath: path(name ?? "Datasets/\(architecture).weights.h5")))
  }

  /// The task `target-high-r0` of the default settings, so that it need not be made every time.
  func addTask() throws {
    try write(try Self.taskBytes.get(), to: Self.task)
  }

  static let task = "Datasets/target-high-r0.h5"

  private static let taskBytes = Result {
    let folder = try TemporaryFolder()
    _ = try TaskFolder(folder.url.path, settings: TaskSettings()).target(.high, replicate: 0)
    return try Data(contentsOf: folder.url.appending(path: "target-high-r0.h5"))
  }

  // MARK: Runs

  func run(_ arguments: String...) throws -> Tool.Outcome {
    try Tool.run(arguments, in: folder.url)
  }

  func run(
    _ arguments: [String], of program: String = "tlbench", input: String = ""
  ) throws -> Tool.Outcome {
    try Tool.run(arguments, of: program, in: folder.url, input: input)
  }

  /// The arguments of a sweep of one task, the simple network and the four taught strategies.
  ///
  /// - Parameter more: options that are added, or that replace those of the same name.
  static func sweep(_ more: String...) -> [String] { sweep(more) }

  static func sweep(_ more: [String]) -> [String] {
    let hasOwnStrategies = more.contains { ["--depths", "--strategy", "--unfreeze"].contains($0) }
    let strategies = ["--strategies", Arm.taught.map(\.name).joined(separator: ",")]
    return replacing(
      [
        "sweep", "--architecture", "simple", "--similarities", "high", "--replicates", "1",
        "--sizes", "20", "--output", "sweep.h5", "--progress-every", "0",
      ] + (hasOwnStrategies ? [] : strategies), by: more)
  }

  /// Arguments with more of them, without the options of one value that are among these: an option
  /// that is given twice is refused.
  static func replacing(_ arguments: [String], by more: [String]) -> [String] {
    var kept: [String] = []
    var isValue = false
    for argument in arguments {
      defer { isValue = argument.hasPrefix("--") && more.contains(argument) }
      let isReplaced = argument.hasPrefix("--") && more.contains(argument)
      if !isValue && !isReplaced { kept.append(argument) }
    }
    return kept + more
  }

  /// Expects a refusal: the exit code, nothing on standard output, on standard error what was
  /// attempted on what and why and on a second line what to do, and no file made or changed.
  func expectRefusal(
    _ arguments: [String], exitCode: Int32, saying parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.contents()
    let outcome = try run(arguments)
    #expect(outcome.exitCode == exitCode, sourceLocation: sourceLocation)
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    #expect(outcome.errorLines.count == 2, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("tlbench: cannot "), sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: sourceLocation)
    }
    #expect(try folder.contents() == before, sourceLocation: sourceLocation)
  }
}
