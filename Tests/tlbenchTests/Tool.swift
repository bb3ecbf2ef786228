import Foundation

/// The built program, run as a user runs it.
struct Tool {
  /// What a finished run left behind.
  struct Outcome {
    let exitCode: Int32
    let output: String
    let errors: String

    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  enum Trouble: Error {
    case notBuilt(besides: [String])
    case tookTooLong(arguments: [String])
    case endedByItself(errors: String)
    case killed(signal: Int32, arguments: [String])
  }

  /// Runs the program to its end.
  ///
  /// - Throws: `Trouble` where it does not end within two minutes, or crashes.
  static func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: String = ""
  ) throws -> Outcome {
    try Tool(arguments, in: folder, environment: environment, input: input).outcome()
  }

  private let process = Process()
  private let arguments: [String]
  private let scratch: TemporaryFolder
  private let ended = DispatchSemaphore(value: 0)

  /// Starts the program.
  ///
  /// - Parameters:
  ///   - environment: variables beside those of the tests.
  ///   - input: what it reads from standard input.
  init(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:], input: String = ""
  ) throws {
    self.arguments = arguments
    scratch = try TemporaryFolder()
    process.executableURL = try Self.executable()
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    process.standardInput = try scratch.file("input", holding: input)
    // Into files: a pipe that nobody empties would stop the program.
    process.standardOutput = try scratch.newFile("output")
    process.standardError = try scratch.newFile("errors")
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  /// Waits for the end.
  func outcome() throws -> Outcome {
    guard ended.wait(timeout: .now() + 120) == .success else {
      kill()
      throw Trouble.tookTooLong(arguments: arguments)
    }
    guard process.terminationReason == .exit else {
      throw Trouble.killed(signal: process.terminationStatus, arguments: arguments)
    }
    return Outcome(
      exitCode: process.terminationStatus, output: try scratch.text(of: "output"),
      errors: try scratch.text(of: "errors"))
  }

  /// Sends a signal once a text has appeared on standard error, and waits for the end.
  func outcome(after text: String, signal: Int32) throws -> Outcome {
    try outcome(after: text) { Foundation.kill(process.processIdentifier, signal) }
  }

  /// Does something once a text has appeared on standard error, and waits for the end.
  func outcome(after text: String, perform action: () throws -> Void) throws -> Outcome {
    let deadline = Date() + 100
    while try !scratch.text(of: "errors").contains(text) {
      guard process.isRunning, Date() < deadline else { return try outcome() }
      usleep(10_000)
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
  func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

  /// Looks beside the tests and in the folders above, where the build puts both.
  static func executable() throws -> URL {
    let bundles = Bundle.allBundles.map(\.bundleURL)
    let starts = [URL(fileURLWithPath: CommandLine.arguments[0]).absoluteURL] + bundles
    var folders = starts.flatMap { start in
      sequence(first: start) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }.prefix(6)
    }
    folders.append(repository.appending(path: ".build/release"))
    for folder in folders {
      let candidate = folder.appending(path: "tlbench")
      let values = try? candidate.resolvingSymlinksInPath().resourceValues(
        forKeys: [.isRegularFileKey])
      if values?.isRegularFile == true,
        FileManager.default.isExecutableFile(atPath: candidate.path)
      {
        return candidate
      }
    }
    throw Trouble.notBuilt(besides: starts.map(\.path))
  }

  static let repository = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
