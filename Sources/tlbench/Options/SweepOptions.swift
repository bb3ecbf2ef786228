/// Reads the options of a sweep back from the command line that its results store.
enum SweepOptions {
  /// The options that decide which tasks and which network a sweep has, with their present names.
  ///
  /// `--data` and `--seed` are earlier names of `--tasks` and `--task-seed`, which results of the
  /// repository contain.
  private static let names = [
    "--tasks": "--tasks", "--data": "--tasks", "--weights": "--weights",
    "--task-size": "--task-size", "--task-seed": "--task-seed", "--seed": "--task-seed",
    "--noise": "--noise",
  ]

  /// The options of a sweep's command that make the same tasks again; empty if there are none.
  ///
  /// - Parameter command: the command line as the provenance stores it.
  static func ofTasks(in command: String) -> String {
    let words = ResumeHint.words(of: command)
    guard words.dropFirst().first == "sweep" else { return "" }
    var found: [String] = []
    for (index, word) in words.enumerated() {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard let first = parts.first, let name = names[first] else { continue }
      found.append(([name] + parts.dropFirst()).joined(separator: "="))
      if first == word, words.indices.contains(index + 1) { found.append(words[index + 1]) }
    }
    return ResumeHint.command(found)
  }
}
