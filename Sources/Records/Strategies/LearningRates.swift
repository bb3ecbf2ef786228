/// The peak learning rate of every layer group.
///
/// The rate of a frozen group is ignored. Rates are absolute, for Adam.
public struct LearningRates: Sendable, Hashable, Codable {
  /// Peak rates, each greater than zero.
  public var early, middle, late, head: Double

  public init(early: Double, middle: Double, late: Double, head: Double) {
    self.early = early
    self.middle = middle
    self.late = late
    self.head = head
  }

  /// The same rate for every group.
  public static func uniform(_ rate: Double) -> LearningRates {
    LearningRates(early: rate, middle: rate, late: rate, head: rate)
  }

  /// The rates of the transfer rules under test: 1e-3 for the new head, 1e-4 for the middle and
  /// late groups, and 1e-5 for the early group.
  public static let discriminative = LearningRates(
    early: 1e-5, middle: 1e-4, late: 1e-4, head: 1e-3)

  public subscript(group: LayerGroup) -> Double {
    get {
      switch group {
      case .early: early
      case .middle: middle
      case .late: late
      case .head: head
      }
    }
    set {
      switch group {
      case .early: early = newValue
      case .middle: middle = newValue
      case .late: late = newValue
      case .head: head = newValue
      }
    }
  }
}
