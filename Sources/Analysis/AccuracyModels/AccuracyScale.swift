import RealModule

/// The scale on which accuracies are smoothed.
package enum AccuracyScale: String, CaseIterable, Sendable {
  /// The accuracy itself, as a fraction.
  case share
  /// The logarithm of the odds, which gives differences near 0 and 1 more weight.
  case logit

  /// The minimum distance of accuracies from 0 and 1, where the logit is infinite.
  static let distance = 0.002

  func transformed(_ accuracy: Double) -> Double {
    guard self == .logit else { return accuracy }
    let inside = min(max(accuracy, Self.distance), 1 - Self.distance)
    return Double.log(inside / (1 - inside))
  }

  /// The accuracy that belongs to a value of the scale; on ``share`` it may be outside 0...1.
  func accuracy(_ value: Double) -> Double {
    self == .logit ? 1 / (1 + Double.exp(-value)) : value
  }
}
