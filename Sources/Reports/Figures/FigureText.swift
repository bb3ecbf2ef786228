import Analysis
import Foundation
import Records

/// Words and numbers in figures and sentences of a report.
enum FigureText {
  /// A whole number as in texts, with a minus sign.
  static func grouped(_ count: Int) -> String {
    NumberText.count(count).replacing("-", with: "−")
  }

  /// A number on an axis, with as few digits as possible and a minus sign.
  static func short(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return grouped(whole) }
    return String(format: "%g", value).replacing("-", with: "−")
  }

  /// A number with a number of decimals and a minus sign.
  static func decimal(_ value: Double, _ places: Int = 1) -> String {
    guard value.isFinite else { return value < 0 ? "−∞" : "∞" }
    let text = String(format: "%.\(places)f", value)
    guard text.hasPrefix("-") else { return text }
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? String(text.dropFirst()) : "−" + text.dropFirst()
  }

  /// Points of regret: one decimal, or two below 1.
  static func regret(_ value: Double) -> String { decimal(value, value.magnitude < 1 ? 2 : 1) }

  /// An interval of points with one decimal.
  static func interval(_ interval: ConfidenceInterval?, _ places: Int = 1) -> String {
    guard let interval else { return "" }
    return "[\(decimal(interval.lower, places)), \(decimal(interval.upper, places))]"
  }

  /// A fraction in percent with one decimal, and half the width of its interval.
  static func accuracy(_ summary: ArmSummary) -> String {
    guard let mean = summary.meanAccuracy else { return "not measured" }
    let half = summary.accuracyHalfWidth.map { " ± \(decimal(100 * $0))" } ?? ""
    return "\(decimal(100 * mean))\(half) %"
  }

  /// A number up to ten as a word.
  static func word(_ count: Int) -> String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    return words.indices.contains(count) ? words[count] : grouped(count)
  }

  /// `one place`, `3 places`.
  ///
  /// - Parameter plural: The noun for other counts than 1 (default: with an s).
  static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// The text with a capital letter at its beginning.
  static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// `a`, `a and b`, `a, b and c`.
  static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The first of many names, and how many more there are: `a, b, … and 80 more`.
  static func firstNames(_ names: [String]) -> [String] {
    let most = 20
    guard names.count > most + 1 else { return names }
    return names.prefix(most) + ["\(grouped(names.count - most)) more"]
  }

  /// What a similarity is called: `similarity low (0)`, or the name of a task.
  static func subject(_ similarity: Similarity) -> String {
    guard let value = similarity.value else { return similarity.label }
    let named = Similarity.Level(rawValue: similarity.label) != nil
    return "similarity \(similarity.label)"
      + (named ? " (\(short((value * 100).rounded() / 100)))" : "")
  }

  static func place(_ place: MatrixPlace) -> String {
    let size = "\(grouped(place.trainSize)) labels"
    return place.similarity.isKnown
      ? "similarity \(place.similarity.label), \(size)" : "\(place.similarity.label), \(size)"
  }

  /// Seconds to three digits.
  static func seconds(_ value: Double) -> String { "\(String(format: "%.3g", value)) s" }

  /// The mean CPU time, to be put after other words; empty if it is not known.
  static func cpuTime(_ summary: ArmSummary) -> String {
    summary.meanCPUSeconds.map { ", \(seconds($0)) of CPU time" } ?? ""
  }
}
