import ArgumentParser
import Foundation
import Records
import Sweep

/// The part of a plan that a process runs.
struct ShardOptions: ParsableArguments {
  @Option(
    name: .customLong("shard"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      Run part I of N of the plan, counted from 1, into its own file, <output>.shard-I-of-N.h5; \
      'tlbench merge' joins them (default: the variables of a Slurm job array or, if \
      TLBENCH_SHARD_COUNT is set to N, of a Kubernetes indexed job or GNU parallel). 'none' runs \
      the whole plan and ignores those variables.
      """, valueName: "I/N"))
  var text: String?

  /// The shard that the option or the environment names; `nil` for the whole plan.
  ///
  /// - Parameter announce: receives a line about a shard that the environment names.
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

  /// The runs of a shard; all runs of the plan without one.
  ///
  /// - Throws: `Failure` of kind `usage` if there are more shards than runs.
  static func runs(
    of plan: SweepPlan, _ shard: Shard?, cost: (RunKey) -> Double
  ) throws -> [RunKey] {
    let runs = plan.runKeys
    guard let shard else { return runs }
    guard shard.count <= runs.count else {
      throw OptionValues.refused(
        "--shard", "the plan has only \(runs.count) runs for \(shard.count) shards",
        "Use at most \(runs.count) shards.")
    }
    return shard.cells(of: runs, cost: cost)
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
