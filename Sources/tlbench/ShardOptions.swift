import ArgumentParser
import Foundation
import Records
import Sweep

/// Which part of a plan a process runs.
struct ShardOptions: ParsableArguments {
  @Option(
    name: .customLong("shard"), parsing: .unconditional,
    help: """
      I/N: run the I-th of N parts of the plan, counted from 1, into a file of its own, \
      <output>.shard-I-of-N.h5; 'tlbench merge' joins them. By default found from the variables of \
      a Slurm job array, or, with TLBENCH_SHARD_COUNT set to N, of a Kubernetes indexed job or GNU \
      parallel; none: the whole plan, whatever they say.
      """)
  var text: String?

  /// The shard that the option or the environment names; `nil` for the whole plan.
  ///
  /// - Parameter announce: told of a shard that was found.
  func shard(announce: (String) -> Void) throws -> Shard? {
    guard let text else {
      let environment = ShardEnvironment(ProcessInfo.processInfo.environment)
      guard let finding = try environment.shard() else { return nil }
      announce("Shard \(finding.shard), by \(finding.origin)")
      return finding.shard
    }
    if text == "none" { return nil }
    guard let shard = Shard(text) else {
      throw OptionValues.refused(
        "--shard", "'\(text)' is not I/N with I in 1...N, N at most \(Shard.largestCount)",
        "Example: --shard 1/8 for the first of eight.")
    }
    return shard
  }

  /// The cells of a plan that are to be run.
  ///
  /// - Throws: `Failure` of kind `usage` where there are more shards than cells.
  static func cells(
    of plan: SweepPlan, _ shard: Shard?, cost: (CellKey) -> Double
  ) throws -> [CellKey] {
    let cells = plan.cellKeys
    guard let shard else { return cells }
    guard shard.count <= cells.count else {
      throw OptionValues.refused(
        "--shard", "the plan has only \(cells.count) cells for \(shard.count) shards",
        "Use at most \(cells.count) shards.")
    }
    return shard.cells(of: cells, cost: cost)
  }

  /// The file of a shard's results: `sweep.shard-3-of-8.h5` for `sweep.h5`.
  static func output(_ path: String, _ shard: Shard?) -> String {
    guard let shard else { return path }
    let url = URL(fileURLWithPath: path)
    let word = "shard-\(shard.number)-of-\(shard.count)"
    let suffix = url.pathExtension
    guard !suffix.isEmpty else { return "\(path).\(word)" }
    return "\(path.dropLast(suffix.count))\(word).\(suffix)"
  }
}
