/// How close a target task is to the source task: a value in 0...1 and a label.
///
/// A task of a published table has its name as the label, and possibly no value. The tasks of a
/// kind of shift have positions of their own, such as `input-0.5`.
public struct Similarity: Sendable, Hashable, Codable {
  /// The fraction of the source's structure that the target inherits: 0 is unrelated, 1 shares
  /// everything except the classes themselves.
  ///
  /// With a kind of shift, the fraction of the source network's accuracy above chance that is left
  /// without any training: 0 leaves nothing, 1 is no shift. `nil` if the similarity is not known.
  public let value: Double?
  /// The text that users type and that results contain: `low`, `medium`, `high`, the number, one of
  /// these after a kind of shift and a hyphen, or the name of an imported task.
  public let label: String
  /// The part of the structure that differs; `nil` if all parts do.
  public let shift: Shift?

  /// The coarse levels in which transfer rules are stated.
  public enum Level: String, CaseIterable, Sendable, Codable {
    case low, medium, high
  }

  public static let low = Similarity(value: 0, label: "low")
  public static let medium = Similarity(value: mediumValue, label: "medium")
  public static let high = Similarity(value: 1, label: "high")

  private static let mediumValue = 2.0 / 3.0

  private init(value: Double?, label: String, shift: Shift? = nil) {
    self.value = value
    self.label = label
    self.shift = shift
  }

  /// The similarity with a kind of shift, such as `input-0.5` for 0.5.
  ///
  /// - Parameter kind: `nil` for tasks that differ in all parts.
  package func with(_ kind: Shift?) -> Similarity {
    let base = Self.unshifted(label, of: shift)
    return Similarity(
      value: value, label: (kind.map { "\($0.rawValue)-" } ?? "") + base, shift: kind)
  }

  /// A label without its kind of shift.
  private static func unshifted(_ label: String, of shift: Shift?) -> String {
    shift.map { String(label.dropFirst($0.rawValue.count + 1)) } ?? label
  }

  /// Reads `low`, `medium`, `high`, or a number in 0...1, possibly after a kind of shift and a
  /// hyphen (`input-0.5`); returns `nil` for anything else.
  ///
  /// A number that equals the value of a named level becomes that level, so that each task has only
  /// one name.
  public init?(_ text: String) {
    for kind in Shift.allCases where text.hasPrefix("\(kind.rawValue)-") {
      guard let base = Similarity(Self.unshifted(text, of: kind)), base.shift == nil else {
        return nil
      }
      self = base.with(kind)
      return
    }
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
    case value, label, shift
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      value: try container.decodeIfPresent(Double.self, forKey: .value),
      label: try container.decode(String.self, forKey: .label),
      shift: try container.decodeIfPresent(Shift.self, forKey: .shift))
  }

  /// Encodes the label, and the value and the kind of shift if there is one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(value, forKey: .value)
    try container.encode(label, forKey: .label)
    try container.encodeIfPresent(shift, forKey: .shift)
  }
}
