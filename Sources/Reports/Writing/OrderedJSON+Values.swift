import Analysis

/// What several reports write in the same way.
extension OrderedJSON {
  /// A metric, with ten significant digits; `null` if it is not known or not finite.
  static func metric(_ value: Double?) -> OrderedJSON { .number(value.map(NumberText.rounded)) }

  /// The ends of an interval; `null` without one, and for an end that is not bounded.
  static func interval(_ interval: ConfidenceInterval?) -> OrderedJSON {
    guard let interval else { return .null }
    return .object([("lower", metric(interval.lower)), ("upper", metric(interval.upper))])
  }
}
