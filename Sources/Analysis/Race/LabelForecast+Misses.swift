/// How far forecasts miss, and how often accuracies jump, on the curves of `Results/reference.h5`;
/// measured by `Tests/AnalysisTests/Fixtures/curves.py`.
extension LabelForecast {
  /// How far measured accuracies lie below and above their forecasts, as fractions, each of which
  /// 2.5 % of further ones are expected to exceed.
  package struct Misses: Sendable, Hashable {
    package let below, above: Double

    init(_ below: Double, _ above: Double) {
      self.below = below
      self.above = above
    }
  }

  /// Forecasts for up to this many times the largest measured size miss as those for three times
  /// the size did, those beyond as those for ten times the size.
  private static let near = 3.4

  /// The misses of forecasts, which depend on how far the accuracy still is from 100 % and, in
  /// steps, on the ratio of the sizes.
  ///
  /// Curves of strategies that train more than a head may rise suddenly while they are still low.
  ///
  /// - Parameters:
  ///   - accuracy: at the largest measured size, 0...1.
  ///   - ratio: of the size of the forecast to the largest measured size.
  package static func misses(_ family: Family, accuracy: Double, ratio: Double) -> Misses {
    let isNear = ratio <= near
    switch (family, accuracy) {
    case (.frozen, ..<0.6): return isNear ? Misses(0.045, 0.037) : Misses(0.067, 0.047)
    case (.frozen, ..<0.9): return isNear ? Misses(0.089, 0.089) : Misses(0.098, 0.098)
    case (.frozen, _): return isNear ? Misses(0.015, 0.003) : Misses(0.015, 0.012)
    case (.tuned, ..<0.6): return isNear ? Misses(0.023, 0.484) : Misses(0.023, 0.719)
    case (.tuned, ..<0.9): return Misses(0.045, 0.048)
    case (.tuned, _): return isNear ? Misses(0.007, 0.003) : Misses(0.007, 0.006)
    case (.scratch, ..<0.6): return isNear ? Misses(0, 0.677) : Misses(0, 0.788)
    case (.scratch, ..<0.9): return Misses(0.082, 0.082)
    case (.scratch, _): return Misses(0.043, 0.043)
    }
  }

  /// The probability that a curve jumps: gains more than 30 points of accuracy per doubling of the
  /// labels.
  ///
  /// It is the fraction of the jumps among all steps from one size of the measured curves of a
  /// family to the next, which has some three times the labels, of those that began below 60 %: 0
  /// of 121, 4 of 180 and 25 of 75. Above 60 % there is none: over three times the labels, it would
  /// end above 100 %.
  ///
  /// - Parameter accuracy: at the largest measured size, 0...1.
  package static func jumpProbability(_ family: Family, accuracy: Double) -> Double {
    guard accuracy < 0.6 else { return 0 }
    switch family {
    case .frozen: return 0
    case .tuned: return 0.022
    case .scratch: return 0.333
    }
  }
}
