package import Foundation
package import Records

extension Tolerances {
  private static let attempt = "cannot read the tolerances"
  private static let rateKey = "false_alarm_rate"

  /// Reads tolerances; figures that are not named keep those of ``standard``.
  ///
  /// - Parameter name: what errors call the text: its file.
  /// - Throws: `Failure` of kind `badData` where it is not JSON of tolerances.
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
      } else if let figure = BaselineFigure(rawValue: key) {
        figures[figure] = try Self.tolerance(value, "\(name):\(key)")
      } else {
        throw Self.failure("\(name):\(key)", "it is no figure that is checked")
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

  /// A finite number; `true` and `false`, which Foundation takes for 1 and 0, are none.
  private static func number(_ value: Any) -> Double? {
    guard let number = value as? NSNumber, String(cString: number.objCType) != "c" else {
      return nil
    }
    return number.doubleValue.isFinite ? number.doubleValue : nil
  }

  private static func failure(_ subject: String, _ reason: String) -> Failure {
    Failure(
      .badData, attempt, on: subject, because: reason,
      remedy: "Results/tolerances.json is an example; the figures are "
        + "\(BaselineFigure.allCases.map(\.rawValue).joined(separator: ", ")).")
  }
}
