import Experiments
import Foundation
import Records
import Results
import Transfer

/// Reads and checks the values of options; an invalid value is a `Failure` of kind `usage`.
enum OptionValues {
  /// Whole numbers from 1 to `largest` without repetition, in ascending order.
  ///
  /// - Parameter isGenerated: whether tasks are generated, so that an option can make them larger.
  static func sizes(_ text: String, upTo largest: Int, isGenerated: Bool = false) throws -> [Int] {
    let (option, example) = ("--sizes", "Example: --sizes 100,1000")
    return try list(text, option: option, remedy: example) { word in
      let isNumber = !word.isEmpty && word.utf8.allSatisfy { (0x30...0x39).contains($0) }
      guard let size = Int(word) ?? (isNumber ? .max : nil), size >= 1 else {
        throw refused(option, "'\(word)' is not a whole number of at least 1", example)
      }
      guard size <= largest else {
        throw refused(
          option, "\(word) is more than the \(largest) training examples of a task",
          "Choose sizes up to \(largest)"
            + (isGenerated ? ", or make larger tasks with --task-size \(word)." : "."))
      }
      return size
    }.sorted()
  }

  static func similarities(_ text: String) throws -> [Similarity] {
    let (option, example) = ("--similarities", "Example: --similarities low,medium,0.9")
    return try list(text, option: option, remedy: example) {
      try similarity($0, option: option, remedy: example)
    }
  }

  static func similarity(_ text: String) throws -> Similarity {
    try similarity(text, option: "--similarity", remedy: "Example: --similarity high")
  }

  /// Kinds of shift; `nil` for `all`.
  static func shifts(_ text: String) throws -> [Shift?] {
    try named(
      text, option: "--shift", known: ShiftChoice.allCases.map { ($0.rawValue, $0.shift) })
  }

  /// The strategies of a list of names.
  ///
  /// - Parameter known: the strategies to choose from.
  static func arms(_ text: String, among known: [Arm]) throws -> [Arm] {
    try named(
      text, option: "--strategies", known: known.byName.map { (name: $0.name, value: $0.arm) })
  }

  /// Refuses an ensemble, which is trained only to be measured.
  static func requireOneNetwork(_ arm: Arm, option: String) throws {
    guard arm.isEnsemble else { return }
    throw refused(
      option, "'\(arm.name)' is several networks, which only sweep and compare measure",
      "Give one of its members: \(arm.members.map(\.name).joined(separator: ", ")).")
  }

  /// The fine-tuning strategy that trains everything from a group or layer upwards.
  ///
  /// - Parameter layers: the names of the backbone's layers.
  static func unfreezing(_ word: String, layers: [String]) throws -> Arm {
    switch word {
    case "none": return .fineTuning.unfreezing(word, freezing: LayerGroup.backbone)
    case "late": return .fineTuning.unfreezing(word, freezing: [.early, .middle])
    case "middle": return .fineTuning.unfreezing(word, freezing: [.early])
    case "early", "all": return .fineTuning.unfreezing(word, freezing: [])
    default:
      guard layers.contains(word) else {
        throw refused(
          "--unfreeze", "there is no layer '\(word)'",
          "Give none, late, middle, early, all or one of \(layers.joined(separator: ", ")).")
      }
      return .fineTuning.unfreezing(word, freezing: [], below: word)
    }
  }

  /// The depths of a sweep over the number of transferred groups, in ascending order.
  static func depths(_ text: String) throws -> [Int] {
    let most = LayerGroup.backbone.count
    if text == "all" { return Array(0...most) }
    let remedy = "Example: --depths all, or numbers in 0...\(most) such as --depths 0,\(most)"
    return try list(text, option: "--depths", remedy: remedy) { word in
      guard let depth = Int(word), (0...most).contains(depth) else {
        throw refused("--depths", "'\(word)' is not in 0...\(most)", remedy)
      }
      return depth
    }.sorted()
  }

  /// Finite numbers, each given once.
  static func numbers(_ text: String, option: String, example: String) throws -> [Double] {
    let remedy = "Example: \(option) \(example)"
    return try list(text, option: option, remedy: remedy) {
      try number($0, option: option, remedy: remedy)
    }
  }

  /// Finite numbers of which each has a meaning of its own, so that several may be equal.
  static func settings(_ text: String, option: String, example: String) throws -> [Double] {
    try words(text).map { try number($0, option: option, remedy: "Example: \(option) \(example)") }
  }

  private static func number(_ word: String, option: String, remedy: String) throws -> Double {
    guard let number = Double(word), number.isFinite else {
      throw refused(option, "'\(word)' is not a number", remedy)
    }
    return number
  }

  static func architectures(_ text: String) throws -> [Architecture] {
    try named(
      text, option: "--architectures", known: Architecture.allCases.map { ($0.rawValue, $0) })
  }

  /// The time that a comparison may take: a number with a unit, such as `90s`, `10m`
  /// or `2h`.
  static func budget(_ text: String, jobs: Int) throws -> ComparisonBudget {
    ComparisonBudget(seconds: try seconds(text), jobs: jobs, text: text)
  }

  /// The seconds of a budget: a number with a unit, such as `90s`, `10m` or `2h`.
  static func seconds(_ text: String) throws -> Double {
    let units = ["s": 1.0, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[String($0)] }),
      let number = Double(text.dropLast()), number > 0, number.isFinite
    else {
      throw refused("--budget", "'\(text)' is not a time", "Example: --budget 10m")
    }
    return number * unit
  }

  /// Throws if a number is not within a range.
  static func check<Number: Comparable>(
    _ value: Number, of option: String, in range: ClosedRange<Number>
  ) throws {
    guard range.contains(value) else {
      throw refused(
        option, "\(value) is not in \(range.lowerBound)...\(range.upperBound)",
        "Example: \(option) \(range.lowerBound)")
    }
  }

  private static func similarity(
    _ word: String, option: String, remedy: String
  ) throws -> Similarity {
    guard let similarity = Similarity(word) else {
      throw refused(option, "'\(word)' is not low, medium, high or a number in 0...1", remedy)
    }
    return similarity
  }

  private static func named<Value: Hashable>(
    _ text: String, option: String, known: [(name: String, value: Value)]
  ) throws -> [Value] {
    let remedy = "The known ones are \(known.map(\.name).joined(separator: ", "))."
    return try list(text, option: option, remedy: remedy) { word in
      guard let value = known.first(where: { $0.name == word })?.value else {
        throw refused(option, "'\(word)' is unknown", remedy)
      }
      return value
    }
  }

  /// The values of a comma-separated list, each given once.
  private static func list<Value: Hashable>(
    _ text: String, option: String, remedy: String, _ read: (String) throws -> Value
  ) throws -> [Value] {
    var seen: Set<Value> = []
    return try words(text).map { word in
      let value = try read(word)
      guard seen.insert(value).inserted else {
        throw refused(option, "'\(word)' is given twice", remedy)
      }
      return value
    }
  }

  /// The parts of a comma-separated list.
  private static func words(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
  }

  /// Checks that a file that will be written is none of the other files of the command.
  ///
  /// - Parameter option: the option that names the file.
  /// - Throws: `Failure` of kind `usage`.
  static func requireOther(
    _ path: String, of option: String, than files: [String?]
  ) throws {
    let same = files.lazy.compactMap { $0 }.first { OutputCheck.isSameFile($0, path) }
    guard let same else { return }
    throw refused(option, "it is the same file as \(same)", "Give a path of its own.")
  }

  /// The error for a value that an option does not take.
  static func refused(_ option: String, _ reason: String, _ remedy: String) -> Failure {
    Failure(.usage, "cannot use", on: option, because: reason, remedy: remedy)
  }
}
