import ArgumentParser
import Experiments
import Foundation
import Records
import Reports
import Results

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the results of the shards of a sweep; print and save them.",
    discussion: """
      The files must come from one plan, with the same weights, tasks and versions; their order \
      does not matter. A run that is in several of them must have the same results in all. If runs \
      are missing, they are listed and nothing is written, unless --allow-missing is given.

      Example: tlbench merge Results/sweep.shard-*.h5 --output Results/sweep.h5
      """)

  @Argument(
    help: ArgumentHelp("Results of shards, or of parts of a sweep.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var files: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("File for the joined results.", valueName: "path"),
    completion: .file(extensions: ["h5"]))
  var output = "Results/sweep.h5"

  @OptionGroup var printing: TableOptions

  @Flag(help: "Write the results even if runs are missing.")
  var allowMissing = false

  @Flag(help: "Overwrite existing results.")
  var overwrite = false

  private static let attempt = "cannot merge the results"

  func run() throws {
    let format = try printing.format()
    try DefaultFolder.checkOutput(output, overwrite: overwrite, attempt: Self.attempt)
    let merge = try ResultsMerge(files.map { ($0, try ResultsInput.read($0)) })
    if !allowMissing { try requireComplete(merge) }
    let results = merge.results(commandLine: ResumeHint.given)
    try DefaultFolder.make(for: output)
    try ResultsFile.write(results, to: output)
    StandardOutput.write(SweepReport.text(results, format, layout: printing.layout))
    Console.note("Results: \(output)")
    if let missing = Self.summary(merge) { Console.note("Missing: \(missing)") }
    if printing.verbose, let comparison = EstimateComparison.text(results) {
      Console.note(comparison)
    }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete",
        because: "\(failures) of \(results.plan.runKeys.count) runs failed",
        remedy: "The reasons are in \(output). The commands of the shards repeat these runs.")
    }
    let next = NextCommand.afterSweep(output, shard: nil, whole: output, plan: results.plan)
    if let next { Console.note("Next: \(next)") }
  }

  private func requireComplete(_ merge: ResultsMerge) throws(Failure) {
    guard let missing = Self.summary(merge) else { return }
    throw Failure(
      .failed, Self.attempt, because: "missing: \(missing)",
      remedy: "Complete the shards and give all of their files, or give --allow-missing.")
  }

  /// The runs that are missing, the first ones by name; `nil` if none is.
  private static func summary(_ merge: ResultsMerge) -> String? {
    let missing = merge.missing
    guard !missing.isEmpty else { return nil }
    let shown = 5
    let names = missing.prefix(shown).map(\.description).joined(separator: ", ")
    let more = missing.count > shown ? " and \(missing.count - shown) more" : ""
    let shards = merge.missingShards
    let which =
      shards.isEmpty
      ? "" : "; of the shards \(shards.prefix(20).map(\.description).joined(separator: ", "))"
    return "\(missing.count) runs: \(names)\(more)\(which)"
  }
}
