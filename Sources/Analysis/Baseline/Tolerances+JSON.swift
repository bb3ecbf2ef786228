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
    for member in try Self.members(of: json, name) {
      let subject = "\(name):\(member.name)"
      if member.name == Self.rateKey {
        guard let rate = member.value.number, rate > 0, rate <= 0.5 else {
          throw Self.failure(subject, "it is not a number above 0 and at most 0.5")
        }
        falseAlarmRate = rate
      } else if let figure = BaselineMetric(rawValue: member.name) {
        figures[figure] = try Self.tolerance(member.value, subject)
      } else {
        throw Self.failure(subject, "it is not a metric that is checked")
      }
    }
  }

  private static func members(
    of json: Data, _ name: String
  ) throws(Failure) -> [JSONObject.Member] {
    let reason = "it is not a JSON object"
    let value: JSONValue
    do {
      value = try JSONParser.parse(json)
    } catch {
      throw failure(name, "\(reason): \(error)")
    }
    guard let object = value.object else { throw failure(name, reason) }
    return object.members
  }

  private static func tolerance(
    _ value: JSONValue, _ subject: String
  ) throws(Failure) -> Tolerance {
    guard let object = value.object else {
      throw failure(subject, "it is not an object with 'absolute' and 'relative'")
    }
    var parts = ["absolute": 0.0, "relative": 0.0]
    for member in object.members {
      guard parts[member.name] != nil else {
        throw failure("\(subject).\(member.name)", "it is neither 'absolute' nor 'relative'")
      }
      guard let number = member.value.number, number >= 0 else {
        throw failure("\(subject).\(member.name)", "it is not a number of at least 0")
      }
      parts[member.name] = number
    }
    return Tolerance(absolute: parts["absolute"] ?? 0, relative: parts["relative"] ?? 0)
  }

  private static func failure(_ subject: String, _ reason: String) -> Failure {
    Failure(
      .badData, attempt, on: subject, because: reason,
      remedy: "Results/tolerances.json is an example; the metrics are "
        + "\(BaselineMetric.allCases.map(\.rawValue).joined(separator: ", ")).")
  }
}
