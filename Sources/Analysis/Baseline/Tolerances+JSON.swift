package import Foundation
package import Records

extension Tolerances {
  private static let attempt = "cannot read the tolerances"
  private static let rateKey = "false_alarm_rate"

  /// Reads tolerances; metrics that are not named keep those of ``standard``.
  ///
  /// - Parameter name: The name of the file, for errors.
  /// - Throws: `Failure` of kind `badData` if the text is not JSON with tolerances.
  package init(json: Data, name: String) throws(Failure) {
    self = .standard
    guard let members = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw Self.failure(name, "it is not a JSON object")
    }
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      if key == Self.rateKey {
        guard let rate = Self.number(value), rate > 0, rate <= 0.5 else {
          throw Self.failure("\(name):\(key)", "it is not a number above 0 and at most 0.5")
        }
        falseAlarmRate = rate
      } else if let figure = BaselineMetric(rawValue: key) {
        figures[figure] = try Self.tolerance(value, "\(name):\(key)")
      } else {
        throw Self.failure("\(name):\(key)", "it is not a metric that is checked")
      }
    }
  }

  private static func tolerance(_ value: Any, _ subject: String) throws(Failure) -> Tolerance {
    guard let members = value as? [String: Any] else {
      throw failure(subject, "it is not an object with 'absolute' and 'relative'")
    }
    var parts = ["absolute": 0.0, "relative": 0.0]
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      guard parts[key] != nil else {
        throw failure("\(subject).\(key)", "it is neither 'absolute' nor 'relative'")
      }
      guard let number = number(value), number >= 0 else {
        throw failure("\(subject).\(key)", "it is not a number of at least 0")
      }
      parts[key] = number
    }
    return Tolerance(absolute: parts["absolute"] ?? 0, relative: parts["relative"] ?? 0)
  }

  /// A finite number; `nil` for anything else, such as `true`, which Foundation takes for 1.
  private static func number(_ value: Any) -> Double? {
    guard let number = value as? NSNumber, String(cString: number.objCType) != "c" else {
      return nil
    }
    return number.doubleValue.isFinite ? number.doubleValue : nil
  }

  private static func failure(_ subject: String, _ reason: String) -> Failure {
    Failure(
      .badData, attempt, on: subject, because: reason,
      remedy: "Results/tolerances.json is an example; the metrics are "
        + "\(BaselineMetric.allCases.map(\.rawValue).joined(separator: ", ")).")
  }
}
