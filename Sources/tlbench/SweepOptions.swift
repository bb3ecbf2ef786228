/// What the command that made results says of their tasks.
enum SweepOptions {
  /// The options that decide what tasks and which network a sweep has, with their values.
  private static let names = ["--data", "--weights", "--task-size", "--seed", "--noise"]

  /// Those of a sweep's command that make the same tasks again, as typed; empty where there are none.
  ///
  /// - Parameter command: as the provenance has it, its words separated by spaces.
  static func ofTasks(in command: String) -> String {
    let words = command.split(separator: " ").map(String.init)
    guard words.dropFirst().first == "sweep" else { return "" }
    var found: [String] = []
    for (index, word) in words.enumerated() {
      let name = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? word
      guard names.contains(name) else { continue }
      found.append(word)
      if name == word, words.indices.contains(index + 1) { found.append(words[index + 1]) }
    }
    return found.map(ResumeCommand.quoted).joined(separator: " ")
  }
}
