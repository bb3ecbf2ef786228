import Analysis
import Records

/// The command that is worth running after another one, for the last line of its news.
enum NextCommand {
  /// What to do with the results of a sweep: judge the rules or, for a shard, join all shards.
  ///
  /// - Parameters:
  ///   - output: the file of the results.
  ///   - whole: the file of the whole plan.
  static func afterSweep(
    _ output: String, shard: Shard?, whole: String, plan: SweepPlan
  ) -> String? {
    guard let shard else { return plan.depths.isEmpty ? command(["validate", output]) : nil }
    // The shell expands the pattern.
    let pattern = output.replacing(
      "shard-\(shard.number)-of-\(shard.count)", with: "shard-*-of-\(shard.count)")
    return "tlbench merge \(pattern) --output \(ResumeHint.quoted(whole))"
  }

  /// How to keep the strategy that did best in a comparison with all labels; `nil` if none did, and
  /// for depths.
  ///
  /// - Parameters:
  ///   - options: the options about network and data that training needs as well.
  ///   - output: the name of the file to write.
  static func afterComparison(
    _ results: SweepResults, weights: String, data: String, options: [String], output: String
  ) -> String? {
    guard results.plan.depths.isEmpty, let matrix = try? ResultsMatrix(results),
      let best = matrix.cells.max(by: { $0.trainSize < $1.trainSize })?.bestArm
    else { return nil }
    return command(
      ["train", "--weights", weights, "--data", data, "--strategy", best.arm.name] + options
        + ["--output", output])
  }

  /// The given options with their values, in the order of the command line.
  ///
  /// - Parameter names: the names of the options, hyphens included.
  static func options(
    _ names: [String], in arguments: [String] = CommandLine.arguments
  ) -> [String] {
    arguments.indices.flatMap { index -> [String] in
      let word = arguments[index]
      guard let name = word.split(separator: "=").first, names.contains(String(name)) else {
        return []
      }
      let next = arguments.dropFirst(index + 1).first
      guard name.count == word.count, let next, !next.hasPrefix("-") else { return [word] }
      return [word, next]
    }
  }

  /// A command of tlbench as a shell reads it.
  static func command(_ words: [String]) -> String {
    (["tlbench"] + words.map(ResumeHint.quoted)).joined(separator: " ")
  }
}
