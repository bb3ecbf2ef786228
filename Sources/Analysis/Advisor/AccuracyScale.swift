import RealModule

/// The scale on which accuracies are smoothed.
package enum AccuracyScale: String, CaseIterable, Sendable {
  case share
  /// The logarithm of the odds: differences near 0 and 1 count more.
  case logit

  /// Accuracies are kept so far from 0 and 1, where the logit is infinite.
  static let distance = 0.002

  func transformed(_ accuracy: Double) -> Double {
    guard self == .logit else { return accuracy }
    let inside = min(max(accuracy, Self.distance), 1 - Self.distance)
    return Double.log(inside / (1 - inside))
  }

  /// The accuracy of a value; on the scale of shares it may lie outside of 0...1.
  func accuracy(_ value: Double) -> Double {
    self == .logit ? 1 / (1 + Double.exp(-value)) : value
  }
}
