/// The parts of a command's discussion, which a page of the manual shows in sections.
///
/// A paragraph that begins with `Environment:` or `Exit codes:` is a list separated by semicolons;
/// one that has `: tlbench ` is an example with its introduction.
struct Discussion {
  private(set) var description: [String] = []
  /// The words before each example, and its command.
  private(set) var examples: [(introduction: String, command: String)] = []
  /// The variables with their meaning.
  private(set) var environment: [(name: String, meaning: String)] = []
  /// The exit codes with their meaning.
  private(set) var exitCodes: [(name: String, meaning: String)] = []

  init(_ text: String) {
    for paragraph in text.split(separator: "\n\n").map(String.init) {
      if let list = Self.rest(of: paragraph, after: "Environment: ") {
        environment += Self.items(list, separator: ", ")
      } else if let list = Self.rest(of: paragraph, after: "Exit codes: ") {
        exitCodes += Self.items(list, separator: " ")
      } else if let range = paragraph.firstRange(of: ": tlbench ") {
        let introduction = paragraph[..<range.lowerBound]
        examples.append(
          (
            introduction == "Example" ? "" : "\(introduction):",
            String(paragraph[paragraph.index(range.lowerBound, offsetBy: 2)...])
          ))
      } else {
        description.append(paragraph)
      }
    }
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    guard text.hasPrefix(prefix) else { return nil }
    let list = text.dropFirst(prefix.count)
    return String(list.hasSuffix(".") ? list.dropLast() : list)
  }

  private static func items(
    _ list: String, separator: String
  ) -> [(name: String, meaning: String)] {
    list.split(separator: "; ").map { item in
      guard let range = item.firstRange(of: separator) else { return (String(item), "") }
      return (String(item[..<range.lowerBound]), String(item[range.upperBound...]))
    }
  }
}
