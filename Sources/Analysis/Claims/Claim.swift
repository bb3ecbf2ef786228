package import Records

/// A general statement about transfer learning, and how a sweep tests it.
package struct Claim: Sendable, Hashable {
  /// The identifier of the claim in texts and results.
  package let id: String
  /// The claim in words.
  package let wording: String
  /// Where the claim is stated.
  package let source: String
  /// The train sizes that the claim is about.
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

/// The quantity that has to be above zero for a claim to hold.
package enum ClaimMeasure: Sendable, Hashable {
  /// The smallest decrease of a quantity from each measured strategy to the next.
  case falls(ClaimQuantity, along: [Arm])
  /// The lead in accuracy of the best of several strategies over another.
  case isBeaten(Arm, by: [Arm])
  /// The lead in accuracy of one strategy over another.
  case leads(Arm, over: Arm)
  /// The lead in accuracy of one strategy over the best of others, on tasks of a kind of shift.
  case leadsUnder(Shift, Arm, over: [Arm])
  /// The slope over similarity of one strategy's lead in accuracy over another, per train size.
  case leadGrowsWithSimilarity(Arm, over: Arm)

  package var unit: ClaimUnit {
    switch self {
    case .falls(.cpuSeconds, _): .logarithmOfRatio
    case .leadGrowsWithSimilarity: .pointsPerSimilarity
    default: .points
    }
  }

  /// The range of possible effects; `nil` if it is not bounded.
  var possible: ConfidenceInterval? {
    switch self {
    // Two accuracies of each of two strategies.
    case .falls(.overfitting, _): ConfidenceInterval(lower: -200, upper: 200)
    case .isBeaten, .leads, .leadsUnder: .difference
    case .falls(.cpuSeconds, _), .leadGrowsWithSimilarity: nil
    }
  }

  /// Whether the effect is a lead in accuracy, which says nothing at places that tell nothing.
  var isLead: Bool {
    switch self {
    case .isBeaten, .leads, .leadsUnder: true
    case .falls, .leadGrowsWithSimilarity: false
    }
  }

  /// The kind of shift that the claim is about; `nil` if it is about any task.
  package var shift: Shift? { if case .leadsUnder(let shift, _, _) = self { shift } else { nil } }

  func clipped(_ interval: ConfidenceInterval) -> ConfidenceInterval {
    possible.map(interval.clipped) ?? interval
  }
}

/// A quantity that may decrease from strategy to strategy.
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
