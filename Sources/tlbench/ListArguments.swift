import Records
import Reports
import Transfer

/// Reads the comma-separated lists of the command line.
enum ListArguments {
  /// Positive whole numbers without repetition, in ascending order.
  static func sizes(_ text: String) throws -> [Int] {
    try distinct(text, option: "--sizes", example: "100,1000,10000") { word in
      guard let size = Int(word), size >= 1 else {
        throw refused("--sizes", "'\(word)' is not a whole number of at least 1", "100,1000,10000")
      }
      return size
    }.sorted()
  }

  static func similarities(_ text: String) throws -> [Similarity] {
    try distinct(text, option: "--similarities", example: "low,medium,high") {
      try similarity($0, option: "--similarities", example: "low,medium,high")
    }
  }

  /// Exactly one similarity.
  static func similarity(
    _ word: String, option: String = "--similarity", example: String = "high"
  ) throws -> Similarity {
    guard let similarity = Similarity(word) else {
      throw refused(option, "'\(word)' is not low, medium, high or a number in 0...1", example)
    }
    return similarity
  }

  /// Names of things that are known by name, such as arms.
  static func named<Value: Hashable>(
    _ text: String, option: String, known: [(name: String, value: Value)]
  ) throws -> [Value] {
    let names = known.map(\.name).joined(separator: ",")
    return try distinct(text, option: option, example: names) { word in
      guard let value = known.first(where: { $0.name == word })?.value else {
        throw refused(option, "'\(word)' is unknown", names)
      }
      return value
    }
  }

  /// Exactly one architecture.
  static func architecture(_ text: String) throws -> Architecture {
    let chosen = try named(
      text, option: "--architecture", known: Architecture.allCases.map { ($0.rawValue, $0) })
    guard chosen.count == 1, let architecture = chosen.first else {
      throw refused("--architecture", "'\(text)' is more than one", "medium")
    }
    return architecture
  }

  /// How to print a table.
  static func format(_ text: String) throws -> TableFormat {
    guard let format = TableFormat(rawValue: text) else {
      throw refused(
        "--format", "'\(text)' is unknown",
        TableFormat.allCases.map(\.rawValue).joined(separator: "|"))
    }
    return format
  }

  private static func distinct<Value: Hashable>(
    _ text: String, option: String, example: String, _ read: (String) throws -> Value
  ) throws -> [Value] {
    var seen: Set<Value> = []
    return try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let word = part.filter { $0 != " " }
      let value = try read(word)
      guard seen.insert(value).inserted else {
        throw refused(option, "'\(word)' is given twice", example)
      }
      return value
    }
  }

  private static func refused(_ option: String, _ reason: String, _ example: String) -> Failure {
    Failure(
      .usage, "cannot read", on: option, because: reason, remedy: "Example: \(option) \(example)")
  }
}
