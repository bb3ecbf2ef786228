/// The unit of the accuracies of a table.
package enum AccuracyUnit: String, CaseIterable, Sendable {
  /// Fractions in 0...1.
  case share
  /// Percentages in 0...100.
  case percent

  /// The largest possible accuracy in this unit.
  var largest: Double {
    switch self {
    case .share: 1
    case .percent: 100
    }
  }
}
