import Foundation

/// A bar that fills from the left.
package enum ProgressBar {
  /// The fewest columns in which a bar says something.
  private static let fewest = 6

  /// The bar, `━━━───`; empty if there are fewer than six columns for it.
  ///
  /// - Parameter share: The filled part, 0...1; it is complete only at 1.
  package static func text(_ share: Double, columns: Int) -> String {
    guard columns >= fewest else { return "" }
    let filled = Int(min(max(share, 0), 1) * Double(columns))
    return String(repeating: "━", count: filled)
      + String(repeating: "─", count: columns - filled)
  }
}

/// Formats a duration rounded to seconds, such as `0:41`, `12:05` or `1:02:03`.
package func clockTime(_ seconds: Double) -> String {
  // Clamp absurd estimates, so that the conversion to Int cannot trap.
  let whole = Int(min(max(seconds, 0), 3e9).rounded())
  let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
  return hours > 0
    ? String(format: "%d:%02d:%02d", hours, minutes, rest)
    : String(format: "%d:%02d", minutes, rest)
}
