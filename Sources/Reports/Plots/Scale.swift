import Foundation

/// Maps values of the data to coordinates in pixels.
///
/// Coordinates are always finite and within the scale's own range: a value beyond the domain is
/// drawn at its end, and one that is not a number at the beginning.
package struct Scale {
  /// How values are spaced.
  package enum Spacing {
    case linear
    /// By the logarithm, for a domain above zero.
    case logarithmic
    /// By the inverse hyperbolic sine: linear up to the threshold, logarithmic beyond it, and
    /// without a corner between them.
    case inverseSine(threshold: Double)
  }

  /// The ends of the domain.
  package let lower, upper: Double
  private let spacing: Spacing
  private let start, end: Double

  /// - Parameters:
  ///   - domain: The values at the ends; if they are equal, every value is drawn in the middle.
  ///   - start: The coordinate of the lower end, in pixels; it may be above `end`.
  package init(
    _ spacing: Spacing = .linear, _ domain: ClosedRange<Double>, from start: Double,
    to end: Double
  ) {
    self.spacing = spacing
    (lower, upper) = (domain.lowerBound, domain.upperBound)
    (self.start, self.end) = (start, end)
  }

  /// The coordinate of a value.
  package func callAsFunction(_ value: Double) -> Double {
    let (first, last) = (spaced(lower), spaced(upper))
    guard last > first else { return (start + end) / 2 }
    let fraction = (spaced(value) - first) / (last - first)
    guard !fraction.isNaN else { return start }
    return start + min(max(fraction, 0), 1) * (end - start)
  }

  /// A domain of a logarithmic scale that has room around the values.
  ///
  /// It is within thirty powers of ten, beyond which nothing that is drawn here has a meaning;
  /// values outside of it are drawn at its ends.
  ///
  /// - Parameter room: The factor between the values and the ends, above 1.
  static func logarithmicDomain(_ values: [Double], room: Double) -> ClosedRange<Double> {
    func limited(_ value: Double) -> Double { min(max(value, 1e-15), 1e15) }
    let (low, high) = (limited(values.min() ?? 1), limited(values.max() ?? 1))
    return (low / room)...(max(low, high) * room)
  }

  private func spaced(_ value: Double) -> Double {
    switch spacing {
    case .linear: value
    case .logarithmic: value > 0 ? log10(value) : -.infinity
    case .inverseSine(let threshold): asinh(value / threshold)
    }
  }
}
