import ArgumentParser
import Records

/// Errors of the parser of the command line, in the form of all other errors.
enum GrammarError {
  /// The error that the parser explains with a message.
  ///
  /// - Parameters:
  ///   - message: what the parser says, such as `Unknown option '--sizs'. Did you mean '--sizes'?`.
  ///   - arguments: the command line without the name of the program.
  ///   - commands: the names of all commands.
  static func failure(
    _ message: String, arguments: [String], commands: [String]
  ) -> Failure {
    let name = arguments.first { !$0.hasPrefix("-") }
    guard let name, commands.contains(name) || name == "help" else {
      return unknownCommand(message, name: name, commands: commands)
    }
    let parts = message.split(separator: ". Did you mean ", maxSplits: 1)
    let suggestion = parts.count > 1 ? "Did you mean \(parts[1]) " : ""
    return Failure(
      .usage, "cannot understand 'tlbench \(name)'", because: lowercased(parts.first ?? ""),
      remedy: "\(suggestion)'tlbench \(name) --help' explains its options.")
  }

  private static func unknownCommand(
    _ message: String, name: String?, commands: [String]
  ) -> Failure {
    let attempt = "cannot understand the command line"
    let help = "'tlbench --help' lists the commands."
    guard let name else {
      return Failure(.usage, attempt, because: lowercased(message[...]), remedy: help)
    }
    let nearest = Self.nearest(to: name, among: commands).map { "Did you mean '\($0)'? " } ?? ""
    return Failure(
      .usage, attempt, because: "there is no command '\(name)'", remedy: nearest + help)
  }

  /// The message with a small letter at its start.
  private static func lowercased(_ text: Substring) -> String {
    text.prefix(1).lowercased() + text.dropFirst()
  }

  /// The known word that a word was probably meant to be: one with at most two letters wrong,
  /// missing, added or exchanged and at least half of them right, or one that begins like it.
  static func nearest(to word: String, among known: [String]) -> String? {
    let distances = known.map { (word: $0, distance: distance(word, $0)) }
    if let best = distances.min(by: { $0.distance < $1.distance }),
      best.distance <= min(2, word.count / 2)
    {
      return best.word
    }
    let beginnings = known.filter { $0.hasPrefix(word) }
    return word.count > 1 && beginnings.count == 1 ? beginnings.first : nil
  }

  /// The number of letters to add, leave out, replace or exchange with their neighbour: optimal
  /// string alignment.
  static func distance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left), Array(right))
    var rows = [Array(0...right.count)]
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        let change = rows[i][j] + (left[i] == right[j] ? 0 : 1)
        var least = min(change, row[j] + 1, rows[i][j + 1] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          least = min(least, rows[i - 1][j - 1] + 1)
        }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[left.count][right.count]
  }
}
