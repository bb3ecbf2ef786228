import Analysis
import Foundation

/// Formats numbers for people; CSV and JSON contain all digits instead.
package enum NumberText {
  /// A fraction of 0...1 in percent, one decimal, without the percent sign.
  package static func percent(_ fraction: Double) -> String { decimals(fraction * 100, 1) }

  /// Percentage points, two decimals: one of 2,000 test images is 0.05 points.
  static func points(_ points: Double) -> String { decimals(points, 2) }

  static func points(_ interval: ConfidenceInterval) -> String {
    "[\(points(interval.lower)), \(points(interval.upper))]"
  }

  /// The half width in points above which an interval of accuracies is not printed.
  static let widest = 30.0

  /// Printed instead of an interval of accuracies that is wider than ``widest``.
  static let tooFew = "too few"

  /// An interval of accuracies or of their differences, in points, for people.
  ///
  /// Ends beyond what is possible, 100 points either way, are cut off.
  static func bounds(_ interval: ConfidenceInterval) -> String {
    guard interval.halfWidth <= widest else { return tooFew }
    return points(
      ConfidenceInterval(
        lower: min(max(interval.lower, -100), 100), upper: min(max(interval.upper, -100), 100)))
  }

  /// Three decimals below 0.1, two below 10, one below 100, none above, where 1,000 has a
  /// separator.
  static func threeDigits(_ value: Double) -> String {
    switch value.magnitude {
    case ..<0.0995: decimals(value, 3)
    case ..<9.995: decimals(value, 2)
    case ..<99.95: decimals(value, 1)
    default: whole(value)
    }
  }

  /// A probability with two decimals; values that only round to 0 or 1 become `<0.01` and `>0.99`.
  static func probability(_ value: Double) -> String {
    switch value {
    case ..<0.005 where value > 0: "<0.01"
    case 0.995... where value < 1: ">0.99"
    default: decimals(value, 2)
    }
  }

  /// A p-value to two digits; values below 0.0001 are printed as `<0.0001`.
  static func pValue(_ value: Double) -> String {
    value < 1e-4 ? "<0.0001" : String(format: "%.2g", value)
  }

  /// Four significant digits without trailing zeros; from 1,000 on, all digits of the whole number.
  static func fourDigits(_ value: Double) -> String {
    value.magnitude < 999.95 ? String(format: "%.4g", value) : whole(value)
  }

  static func oneDecimal(_ value: Double) -> String { decimals(value, 1) }

  /// An estimated number of examples, rounded to three significant digits.
  static func size(_ value: Double) -> String {
    let unit = Double(String(format: "%.2e", value)) ?? value
    return whole(unit)
  }

  /// A whole number, from 1,000 on with separators.
  ///
  /// Columns of train sizes and names have none: they are what one types.
  package static func count(_ value: Int) -> String { separated("\(value)") }

  /// The digits of a whole number in groups of three, if there are more than three.
  private static func separated(_ text: String) -> String {
    let digits = text.drop { $0 == "-" }
    guard digits.count > 3, digits.allSatisfy(\.isNumber) else { return text }
    let groups = stride(from: digits.count, to: 0, by: -3).map { end in
      digits.dropFirst(max(0, end - 3)).prefix(end - max(0, end - 3))
    }
    return text.prefix(text.count - digits.count) + groups.reversed().joined(separator: ",")
  }

  /// A learning rate such as `1e-3` or `2.5e-4`.
  static func rate(_ rate: Double) -> String {
    let parts = String(format: "%.6e", rate).split(separator: "e")
    guard parts.count == 2, let mantissa = Double(parts[0]), let exponent = Int(parts[1]) else {
      return "\(rate)"
    }
    return String(format: "%g", mantissa) + "e\(exponent)"
  }

  /// A derived number rounded to ten significant digits, for files that are compared.
  ///
  /// Further digits depend on the order of summation and on the system's math library.
  static func rounded(_ value: Double) -> Double {
    // Adding zero turns −0 into 0.
    (Double(String(format: "%.10g", value)) ?? value) + 0
  }

  /// A number without decimals.
  static func whole(_ value: Double) -> String { separated(decimals(value, 0)) }

  /// A number with as few digits as possible: `1`, `0.5`, `95`.
  static func short(_ value: Double) -> String { String(format: "%g", value) }

  /// e to the power of a value.
  static func exponential(_ value: Double) -> Double { exp(value) }

  private static func decimals(_ value: Double, _ count: Int) -> String {
    guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
    let text = String(format: "%.\(count)f", value)
    // "0.00" instead of "-0.00".
    return text.contains { ("1"..."9").contains($0) } || !text.hasPrefix("-")
      ? text : String(text.dropFirst())
  }
}
