import ArgumentParser
import Foundation
import Tensors

/// The option of commands that train one network at a time: how many threads share the work.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp(
      "Threads that share the work; the results are the same for any number.",
      valueName: "count"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  /// - Throws: `Failure` of kind `usage` for an impossible number of threads.
  func validate() throws {
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
  }

  var threads: Threads { Threads(jobs) }
}
