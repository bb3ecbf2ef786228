import Analysis
import Records
import Results

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
    guard let name = output.ranges(of: "shard-\(shard.number)-of-\(shard.count)").last else {
      return nil
    }
    // The shell expands the asterisk, which is outside of quotation marks.
    let start = ResumeHint.quoted(output[..<name.lowerBound] + "shard-")
    let end = ResumeHint.quoted("-of-\(shard.count)" + output[name.upperBound...])
    return "tlbench merge \(start)*\(end) --output \(ResumeHint.quoted(whole))"
  }

  /// How to keep the strategy that did best in a comparison with all labels, over folds by all
  /// folds together; `nil` if none did, for an ensemble, which is not one network, and for depths.
  ///
  /// - Parameters:
  ///   - unfreeze: the group or layer of a strategy that has no name of its own; `nil` if there is
  ///     no such strategy.
  ///   - options: the options about network, data and splits that training needs as well.
  ///   - output: the name of the file to write.
  static func afterComparison(
    _ results: SweepResults, weights: String?, data: String, unfreeze: String?,
    options: [String], output: String
  ) -> String? {
    guard results.plan.depths.isEmpty, let best = FoldComparison.bestArm(of: results),
      !best.isEnsemble
    else { return nil }
    let isNamed = Arm.known(withDepths: false).named(best.name) != nil
    let strategy =
      unfreeze.flatMap { isNamed ? nil : ["--unfreeze", $0] } ?? ["--strategy", best.name]
    return command(
      training(weights: weights, data: data) + strategy + options + ["--output", output])
  }

  /// The beginning of a command that trains: a network, unless there is none, and a labelled set.
  static func training(weights: String?, data: String) -> [String] {
    let network = weights.map { ["--weights", $0] } ?? []
    return ["train"] + network + ["--data", data]
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

  /// The words of the command that goes on with a race: those that were given, without the flag
  /// that would discard the journal, and with a new name for a model that exists.
  ///
  /// - Parameters:
  ///   - time: the time to add; `nil` for what is left of the budget.
  ///   - arguments: the words after the name of the tool.
  static func race(
    adding time: String? = nil, model: String?,
    in arguments: [String] = Array(CommandLine.arguments.dropFirst())
  ) -> [String] {
    var words = arguments.filter { $0 != "--overwrite" }
    if let time { words = replacing("--budget", by: "+\(time)", in: words) }
    if let model { words = replacing("--model", by: newName(model), in: words) }
    return words
  }

  /// The command that resumes a comparison of which the budget left parts out: it names the parts
  /// that are left, so that it is the same comparison with any budget.
  ///
  /// - Parameter arguments: the command that was given, with the name of the tool.
  static func comparison(
    _ plan: SweepPlan, in arguments: [String] = CommandLine.arguments
  ) -> String {
    let sizes = plan.trainSizes.map(String.init).joined(separator: ",")
    let words = replacing("--replicates", by: "\(plan.replicates)", in: arguments)
    return ResumeHint.text(
      replacing("--sizes", by: sizes, in: without("--size", in: words)))
  }

  /// A command line with another value of an option.
  static func replacing(_ option: String, by value: String, in words: [String]) -> [String] {
    without(option, in: words) + [option, value]
  }

  /// A command line without an option and its value.
  private static func without(_ option: String, in words: [String]) -> [String] {
    var kept: [String] = []
    var isValue = false
    for word in words {
      if !isValue, word != option, !word.hasPrefix("\(option)=") { kept.append(word) }
      isValue = !isValue && word == option
    }
    return kept
  }

  /// The path of a model, or if there is a file, one with a number before the ending.
  static func newName(_ path: String) -> String {
    guard OutputCheck.exists(path) else { return path }
    let ending = ModelOutput.endings.first(where: path.hasSuffix) ?? ""
    let names = (2...).lazy.map { "\(path.dropLast(ending.count))-\($0)\(ending)" }
    return names.first { !OutputCheck.exists($0) } ?? path
  }

  /// A command of tlbench as a shell reads it.
  static func command(_ words: [String]) -> String {
    ResumeHint.command(["tlbench"] + words)
  }
}
