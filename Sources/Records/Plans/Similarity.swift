/// How close a target task is to the source task: a value in 0...1 and a label.
///
/// A task of a published table has its name as the label, and possibly no value.
public struct Similarity: Sendable, Hashable, Codable {
  /// The fraction of the source's structure that the target inherits: 0 is unrelated, 1 shares
  /// everything except the classes themselves.
  ///
  /// `nil` if the similarity is not known.
  public let value: Double?
  /// The text that users type and that results contain: `low`, `medium`, `high`, the number, or the
  /// name of an imported task.
  public let label: String

  /// The coarse levels in which transfer rules are stated.
  public enum Level: String, CaseIterable, Sendable, Codable {
    case low, medium, high
  }

  public static let low = Similarity(value: 0, label: "low")
  public static let medium = Similarity(value: mediumValue, label: "medium")
  public static let high = Similarity(value: 1, label: "high")

  private static let mediumValue = 2.0 / 3.0

  private init(value: Double?, label: String) {
    self.value = value
    self.label = label
  }

  /// Reads `low`, `medium`, `high`, or a number in 0...1; returns `nil` for anything else.
  ///
  /// A number that equals the value of a named level becomes that level, so that each task has only
  /// one name.
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

  /// The position on the similarity axis of a task that is identified by its name.
  ///
  /// - Parameter value: the similarity of the task in 0...1; `nil` if it is not known.
  package static func task(_ name: String, value: Double? = nil) -> Similarity {
    Similarity(value: value, label: name)
  }

  /// Whether the value is known; for tasks of published tables it often is not.
  package var isKnown: Bool { value != nil }

  /// The nearest named level, of which ties go to the lower one; `nil` if the value is not known.
  public var level: Level? {
    guard let value else { return nil }
    switch value {
    case ...(Similarity.mediumValue / 2): return .low
    case ...((Similarity.mediumValue + 1) / 2): return .medium
    default: return .high
    }
  }
}

extension Similarity {
  private enum CodingKeys: CodingKey {
    case value, label
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decodeIfPresent(Double.self, forKey: .value),
      label: try container.decode(String.self, forKey: .label))
  }

  /// Encodes the label, and the value if it is known.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(value, forKey: .value)
    try container.encode(label, forKey: .label)
  }
}
