import Analysis
import Foundation

/// How figures are written for people; CSV and JSON write them in full instead.
enum NumberText {
  /// A share of 0...1 in percent, one decimal, without the sign.
  static func percent(_ share: Double) -> String { decimals(share * 100, 1) }

  /// Percentage points, two decimals: a test set of 2,000 tells 0.05 points apart.
  static func points(_ points: Double) -> String { decimals(points, 2) }

  static func points(_ interval: ConfidenceInterval) -> String {
    "[\(points(interval.lower)), \(points(interval.upper))]"
  }

  /// Half a width in points from which on an interval of accuracies tells nothing.
  static let widest = 30.0

  /// What stands for an interval of accuracies that tells nothing.
  static let tooFew = "too few"

  /// An interval of accuracies or of their differences, in points, for people.
  static func bounds(_ interval: ConfidenceInterval) -> String {
    interval.halfWidth > widest ? tooFew : points(interval)
  }

  /// Three digits where that takes two decimals or fewer, two digits below that, whole numbers
  /// above.
  static func threeDigits(_ value: Double) -> String {
    switch value.magnitude {
    case ..<0.0995: decimals(value, 3)
    case ..<9.995: decimals(value, 2)
    case ..<99.95: decimals(value, 1)
    default: decimals(value, 0)
    }
  }

  /// A probability with two decimals; what would round to 0 or 1 without being it says so.
  static func probability(_ value: Double) -> String {
    switch value {
    case ..<0.005 where value > 0: "<0.01"
    case 0.995... where value < 1: ">0.99"
    default: decimals(value, 2)
    }
  }

  /// A p-value to two digits; from 0.0001 down nobody cares.
  static func pValue(_ value: Double) -> String {
    value < 1e-4 ? "<0.0001" : String(format: "%.2g", value)
  }

  /// Four digits, fewer where the rest are zeros.
  static func fourDigits(_ value: Double) -> String { String(format: "%.4g", value) }

  static func oneDecimal(_ value: Double) -> String { decimals(value, 1) }

  /// A number of examples that was estimated: three digits count.
  static func size(_ value: Double) -> String {
    let unit = Double(String(format: "%.2e", value)) ?? value
    return decimals(unit, 0)
  }

  /// A learning rate as people write it: `1e-3`, `2.5e-4`.
  static func rate(_ rate: Double) -> String {
    let parts = String(format: "%.6e", rate).split(separator: "e")
    guard parts.count == 2, let mantissa = Double(parts[0]), let exponent = Int(parts[1]) else {
      return "\(rate)"
    }
    return String(format: "%g", mantissa) + "e\(exponent)"
  }

  /// A derived figure to ten significant digits, for files that are compared.
  ///
  /// The digits beyond are noise of the order of summation and of the system's math library.
  static func rounded(_ value: Double) -> Double {
    // Adding zero turns −0 into 0.
    (Double(String(format: "%.10g", value)) ?? value) + 0
  }

  /// Without decimals.
  static func whole(_ value: Double) -> String { decimals(value, 0) }

  /// As few digits as people would type: `1`, `0.5`, `95`.
  static func short(_ value: Double) -> String { String(format: "%g", value) }

  /// e to the power of a value.
  static func exponential(_ value: Double) -> Double { exp(value) }

  private static func decimals(_ value: Double, _ count: Int) -> String {
    guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
    let text = String(format: "%.\(count)f", value)
    // "-0.00" says nothing that "0.00" does not.
    return text.contains { ("1"..."9").contains($0) } || !text.hasPrefix("-")
      ? text : String(text.dropFirst())
  }
}
