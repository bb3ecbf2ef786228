import Foundation
import HDF5
import TestSupport

/// A built program, run as a user runs it.
struct Tool {
  /// What a finished run left behind.
  struct Outcome {
    let exitCode: Int32
    let output: String
    let errors: String

    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  enum Trouble: Error {
    case tookTooLong(arguments: [String])
    case endedByItself(errors: String)
    case killed(signal: Int32, arguments: [String])
  }

  /// Runs the program to its end.
  ///
  /// - Throws: `Trouble` where it does not end within two minutes, or crashes.
  static func run(
    _ arguments: [String], of program: String = "tlbench", in folder: URL,
    environment: [String: String] = [:],
    input: String = "", script: String = Self.script
  ) throws -> Outcome {
    try Tool(
      arguments, of: program, in: folder, environment: environment, input: input, script: script
    )
    .outcome()
  }

  /// What the shell does: the program's path is `$0`.
  static let script = "exec \"$0\" \"$@\""

  private let program: StartedProgram
  private let arguments: [String]
  private let scratch: TemporaryFolder

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - environment: variables beside those of the tests.
  ///   - input: what it reads from standard input.
  ///   - script: what the shell does to run it.
  init(
    _ arguments: [String], of program: String = "tlbench", in folder: URL,
    environment: [String: String] = [:],
    input: String = "", script: String = Self.script
  ) throws {
    self.arguments = arguments
    scratch = try TemporaryFolder()
    // Files: a pipe that nobody empties would stop the program.
    for (name, text) in [("input", input), ("output", ""), ("errors", "")] {
      try Data(text.utf8).write(to: scratch.url.appending(path: name))
    }
    self.program = try StartedProgram(
      "/bin/sh",
      ["-c", "cd \"$1\" && shift && \(script)", BuiltProgram.path(program).path, folder.path]
        + arguments,
      environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
      input: .reading(path: scratch.path("input")),
      output: .writing(path: scratch.path("output")),
      errors: .writing(path: scratch.path("errors")))
  }

  /// Waits for the end.
  func outcome() throws -> Outcome {
    switch program.wait(seconds: 120) {
    case nil:
      program.end()
      throw Trouble.tookTooLong(arguments: arguments)
    case .signal(let signal):
      throw Trouble.killed(signal: signal, arguments: arguments)
    case .exit(let code):
      return Outcome(
        exitCode: code, output: try scratch.text(of: "output"),
        errors: try scratch.text(of: "errors"))
    }
  }

  /// Sends a signal once a text has appeared on standard error, and waits for the end.
  func outcome(after text: String, signal: Int32) throws -> Outcome {
    try outcome(after: text) { program.send(signal: signal) }
  }

  /// Does something once a text has appeared on standard error, and waits for the end.
  func outcome(after text: String, perform action: () throws -> Void) throws -> Outcome {
    let deadline = Date() + 100
    while try !scratch.text(of: "errors").contains(text) {
      guard program.wait(seconds: 0.01) == nil, Date() < deadline else { return try outcome() }
    }
    try action()
    return try outcome()
  }

  /// Kills the program once a text has appeared on standard error, and waits for its end.
  ///
  /// - Returns: standard error.
  /// - Throws: `Trouble` where it has ended by itself.
  func killed(after text: String) throws -> String {
    do {
      let outcome = try outcome(after: text, signal: SIGKILL)
      throw Trouble.endedByItself(errors: outcome.errors)
    } catch Trouble.killed(signal: SIGKILL, _) {
      return try scratch.text(of: "errors")
    }
  }

  /// Ends the program at once.
  func kill() { program.end() }

  func send(signal: Int32) { program.send(signal: signal) }

  static var repository: URL { BuiltProgram.repository }
}
