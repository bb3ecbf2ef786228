/// How close a target task is to the source task: a value in 0...1 and the word for it.
///
/// A task of a published table has a name for a word, and perhaps no value.
public struct Similarity: Sendable, Codable {
  /// The share of the source's structure that the target inherits; 0 is unrelated, 1 shares
  /// everything but the classes themselves.
  ///
  /// Not a number where it is not known.
  public let value: Double
  /// What users type and what results carry: `low`, `medium`, `high`, the number, or the name of
  /// an imported task.
  public let label: String

  /// The coarse level in which transfer rules are stated.
  public enum Level: String, CaseIterable, Sendable, Codable {
    case low, medium, high
  }

  public static let low = Similarity(value: 0, label: "low")
  public static let medium = Similarity(value: 2.0 / 3.0, label: "medium")
  public static let high = Similarity(value: 1, label: "high")

  private init(value: Double, label: String) {
    self.value = value
    self.label = label
  }

  /// Reads `low`, `medium`, `high`, or a number in 0...1; `nil` for anything else.
  ///
  /// A number that equals a named level becomes that level, so that each task has one name.
  public init?(_ text: String) {
    switch text {
    case "low": self = .low
    case "medium": self = .medium
    case "high": self = .high
    default:
      guard let value = Double(text), (0...1).contains(value) else { return nil }
      self =
        [Similarity.low, .medium, .high].first { $0.value == value }
        ?? Similarity(value: value, label: "\(value)")
    }
  }

  /// The place of a task that goes by its name instead of a level or a number.
  ///
  /// - Parameter value: its similarity in 0...1; `nil` where nobody knows.
  package static func task(_ name: String, value: Double? = nil) -> Similarity {
    Similarity(value: value ?? .nan, label: name)
  }

  /// Whether there is a value; the tasks of published tables often have none.
  package var isKnown: Bool { value.isFinite }

  /// The nearest named level (ties go to the lower one).
  public var level: Level {
    switch value {
    case ...(Similarity.medium.value / 2): .low
    case ...((Similarity.medium.value + 1) / 2): .medium
    default: .high
    }
  }
}

extension Similarity: Hashable {
  /// Values that are not known are equal, unlike numbers that are none.
  public static func == (left: Similarity, right: Similarity) -> Bool {
    left.label == right.label
      && (left.value == right.value || !left.isKnown && !right.isKnown)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(label) }
}

extension Similarity {
  private enum CodingKeys: CodingKey {
    case value, label
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decodeIfPresent(Double.self, forKey: .value) ?? .nan,
      label: try container.decode(String.self, forKey: .label))
  }

  /// A value that is not known is left out, since JSON has no word for it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(isKnown ? value : nil, forKey: .value)
    try container.encode(label, forKey: .label)
  }
}
