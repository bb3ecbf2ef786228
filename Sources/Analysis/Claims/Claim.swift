package import Records

/// A general statement about transfer learning, and how a sweep puts it to the test.
package struct Claim: Sendable, Hashable {
  /// The name by which texts and results cite the claim.
  package let id: String
  /// The claim in words.
  package let wording: String
  /// Where it is stated.
  package let source: String
  /// The train sizes that the claim speaks of.
  package let condition: RuleCondition
  package let measure: ClaimMeasure

  package init(
    id: String, wording: String, source: String, condition: RuleCondition = RuleCondition(),
    measure: ClaimMeasure
  ) {
    self.id = id
    self.wording = wording
    self.source = source
    self.condition = condition
    self.measure = measure
  }
}

/// What has to be above zero for a claim to hold.
package enum ClaimMeasure: Sendable, Hashable {
  /// The fall of a quantity from each arm to the next that was measured; the smallest of the falls.
  case falls(ClaimQuantity, along: [Arm])
  /// The lead in accuracy of the best of several arms over another.
  case isBeaten(Arm, by: [Arm])
  /// The lead in accuracy of an arm over another.
  case leads(Arm, over: Arm)
  /// The slope, over similarity, of an arm's lead in accuracy over another; per train size.
  case leadGrowsWithSimilarity(Arm, over: Arm)

  package var unit: ClaimUnit {
    switch self {
    case .falls(.cpuSeconds, _): .logarithmOfRatio
    case .leadGrowsWithSimilarity: .pointsPerSimilarity
    default: .points
    }
  }

  /// Where the effect lies at any rate; `nil` where it is not bounded.
  var possible: ConfidenceInterval? {
    switch self {
    // Both accuracies of both arms count.
    case .falls(.overfitting, _): ConfidenceInterval(lower: -200, upper: 200)
    case .isBeaten, .leads: .difference
    case .falls(.cpuSeconds, _), .leadGrowsWithSimilarity: nil
    }
  }

  func clipped(_ interval: ConfidenceInterval) -> ConfidenceInterval {
    possible.map(interval.clipped) ?? interval
  }
}

/// What may fall from arm to arm.
package enum ClaimQuantity: Sendable, Hashable {
  /// Processor time, compared as a ratio.
  case cpuSeconds
  /// Training minus test accuracy, in points.
  case overfitting
}

/// The unit of a claim's effect.
package enum ClaimUnit: String, Sendable {
  /// Percentage points of accuracy.
  case points
  /// Percentage points from similarity 0 to 1.
  case pointsPerSimilarity = "points per unit of similarity"
  /// The natural logarithm of a ratio.
  case logarithmOfRatio = "logarithm of a ratio"
}
