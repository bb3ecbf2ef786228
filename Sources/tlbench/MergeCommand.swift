import ArgumentParser
import Foundation
import Records
import Reports
import Results

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Join the results of the shards of a sweep; print and keep the matrix.",
    discussion: """
      The files have to be of one plan, with the same weights, tasks and versions; their order does \
      not matter. A cell that several of them have must have the same figures in all. Cells that \
      none of them has are named, and nothing is written, unless --allow-missing is given.

      Example: tlbench merge Results/sweep.shard-*.h5 --output Results/sweep.h5
      """)

  @Argument(help: "Results of shards, or of parts of a sweep.")
  var files: [String]

  @Option(help: "Where the joined results go.")
  var output = "Results/sweep.h5"

  @Option(help: "How to print the matrix: table, markdown, csv or json.")
  var format = TableFormat.table.rawValue

  @Flag(help: "Write what is there, though cells are missing.")
  var allowMissing = false

  @Flag(help: "Replace results that exist.")
  var overwrite = false

  private static let attempt = "cannot merge the results"

  func run() throws {
    let format = try OptionValues.format(format)
    let merge = try ResultsMerge(files.map { ($0, try ResultsInput.read($0)) })
    try OutputFile.check(
      output, overwrite: overwrite, attempt: Self.attempt, alternative: "another --output")
    if !allowMissing { try requireComplete(merge) }
    let results = merge.results(commandLine: CommandLine.arguments.joined(separator: " "))
    try ResultsFile.write(results, to: output)
    print(SweepReport.text(results, format), terminator: "")
    Console.note("Results: \(output)")
    if let missing = Self.summary(merge) { Console.note("Missing: \(missing)") }
    if let comparison = SweepEstimate.comparison(results) { Console.note(comparison) }
    let failures = results.failures.count
    guard failures == 0 else {
      throw Failure(
        .failed, "the sweep is incomplete",
        because: "\(failures) of \(results.plan.cellKeys.count) cells failed",
        remedy: "The reasons are in \(output). The commands of the shards run them again.")
    }
  }

  private func requireComplete(_ merge: ResultsMerge) throws(Failure) {
    guard let missing = Self.summary(merge) else { return }
    throw Failure(
      .failed, Self.attempt, because: "missing: \(missing)",
      remedy: "Run the shards to their end and give all of them, or give --allow-missing.")
  }

  /// The cells that are missing, the first ones by name; `nil` where none is.
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
    return "\(missing.count) cells: \(names)\(more)\(which)"
  }
}
