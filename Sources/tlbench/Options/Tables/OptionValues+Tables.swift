import Foundation
import Records

extension OptionValues {
  /// The numbers of training examples of a table that does not write them: one for all runs, or one
  /// for each word, given as `word=count`.
  static func tableSizes(_ texts: [String]) throws(Failure) -> (ofAll: Int?, words: [String: Int]) {
    let example = "Example: --size full=50000, or --size 1000 for a table without sizes"
    var ofAll: Int?
    var words: [String: Int] = [:]
    for text in texts {
      let (word, number) = pair(text) ?? ("", text)
      guard let count = Int(number), count >= 1 else {
        throw refused(
          "--size",
          word.isEmpty
            ? "'\(text)' is neither a whole number of at least 1 nor <word>=<count>"
            : "'\(number)' for \(word) is not a whole number of at least 1", example)
      }
      let isRepeated = word.isEmpty ? ofAll != nil : words[word] != nil
      guard !isRepeated else {
        throw refused(
          "--size", word.isEmpty ? "two sizes are for all runs" : "'\(word)' is given twice",
          "Give it once.")
      }
      if word.isEmpty { ofAll = count } else { words[word] = count }
    }
    return (ofAll, words)
  }

  /// The groups of tasks, each given as `task=group`.
  static func taskGroups(_ texts: [String]) throws(Failure) -> [String: String] {
    var groups: [String: String] = [:]
    for text in texts {
      guard let (task, group) = pair(text) else {
        throw refused(
          "--group", "'\(text)' is not <task>=<group>", "Example: --group CIFAR-100=natural")
      }
      guard groups.updateValue(group, forKey: task) == nil else {
        throw refused("--group", "'\(task)' is given twice", "Give it once.")
      }
    }
    return groups
  }

  /// Two strategies of results, separated by a comma; their names may contain commas.
  static func comparedStrategies(
    _ text: String, among arms: [Arm]
  ) throws(Failure) -> (first: Arm, second: Arm) {
    for comma in text.indices where text[comma] == "," {
      let left = text[..<comma].trimmingCharacters(in: .whitespaces)
      let right = text[text.index(after: comma)...].trimmingCharacters(in: .whitespaces)
      if left != right, let first = arms.first(where: { $0.name == left }),
        let second = arms.first(where: { $0.name == right })
      {
        return (first, second)
      }
    }
    throw refused(
      "--compare", "'\(text)' is not two different strategies of the results",
      "Their strategies are \(arms.map(\.name).joined(separator: ", ")).")
  }

  /// The texts before and after the last equals sign; `nil` if either is empty.
  ///
  /// Names in tables may contain the sign.
  private static func pair(_ text: String) -> (name: String, value: String)? {
    guard let sign = text.lastIndex(of: "=") else { return nil }
    let (name, value) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
    return name.isEmpty || value.isEmpty ? nil : (name: name, value: value)
  }
}
