package import Analysis
package import Records

/// Values that reports write as `null` if they are not known.
extension JSONValue {
  package static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }

  package static func integer(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }

  package static func string(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

  /// A metric, with ten significant digits; `null` if it is not known or not finite.
  package static func metric(_ value: Double?) -> JSONValue {
    .number(value.map(NumberText.rounded))
  }

  /// The ends of an interval; `null` without one, and for an end that is not bounded.
  package static func interval(_ interval: ConfidenceInterval?) -> JSONValue {
    guard let interval else { return .null }
    return .object(["lower": metric(interval.lower), "upper": metric(interval.upper)])
  }
}

extension JSONValue {
  /// The document of a report, which ends in a newline.
  package var report: String { text(.indented) + "\n" }
}
