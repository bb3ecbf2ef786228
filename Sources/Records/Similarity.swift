/// How close a target task is to the source task: a value in 0...1 and the word for it.
public struct Similarity: Sendable, Hashable, Codable {
  /// The share of the source's structure that the target inherits; 0 is unrelated, 1 shares
  /// everything but the classes themselves.
  public let value: Double
  /// What users type and what results carry: `low`, `medium`, `high`, or the number.
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

  /// The nearest named level (ties go to the lower one).
  public var level: Level {
    switch value {
    case ...(Similarity.medium.value / 2): .low
    case ...((Similarity.medium.value + 1) / 2): .medium
    default: .high
    }
  }
}
