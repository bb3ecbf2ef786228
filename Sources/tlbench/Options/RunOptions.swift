import ArgumentParser
import Experiments
import Foundation
import Records
import Results

/// The options of every command that runs a sweep: what it prints, and how it saves.
struct RunOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp(
      "Threads, each of which trains a run or helps with another.", valueName: "count"))
  var jobs = ProcessInfo.processInfo.activeProcessorCount

  @Flag(name: .shortAndLong, help: "Print only results and errors.")
  var quiet = false

  @Flag(
    help: """
      Do not sync the journal after each run. Faster on slow disks; a power failure (not a crash) \
      may then lose finished runs.
      """)
  var noSync = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds between updates of the partial results; 0 writes them only at the end.",
      valueName: "seconds"))
  var exportEvery = 30.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Least seconds between two lines of progress if standard error is not a terminal; 0 writes a \
      line for every run.
      """, valueName: "seconds"))
  var progressEvery = 1.0

  /// - Throws: `Failure` of kind `usage` for an impossible number of jobs or seconds.
  func validate() throws {
    try OptionValues.check(jobs, of: "--jobs", in: 1...1024)
    for (option, value) in [("--export-every", exportEvery), ("--progress-every", progressEvery)]
    where !value.isFinite || !(0...1e6).contains(value) {
      throw OptionValues.refused(
        option, "\(value) is not a number of seconds in 0...1,000,000", "Example: \(option) 300")
    }
  }

  /// The settings of a sweep with these options.
  func settings(
    memory: RunExecutor.Memory, output: String, overwrite: Bool, limit: TimeLimit? = nil,
    events: EventFolder?
  ) -> SweepSettings {
    SweepSettings(
      jobs: jobs, memory: memory, output: output, overwrite: overwrite, limit: limit,
      exportSeconds: exportEvery, synchronization: noSync ? .none : .everyAppend, events: events,
      toolVersion: Version.text, commandLine: ResumeHint.given)
  }

  var progressStyle: ProgressPrinter.Style { Console.progressStyle(isQuiet: quiet) }
}
