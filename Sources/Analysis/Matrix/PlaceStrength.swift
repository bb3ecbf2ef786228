import RealModule

/// Whether a place can tell good strategies from bad ones.
///
/// Everything that says whether strategies are better than guessing says it by this type.
package enum PlaceStrength: Sendable, Hashable {
  /// Strategies can differ here: one is shown to be better than guessing, or little is known.
  case telling
  /// No strategy is shown to be better than guessing: advice is neither right nor wrong.
  case nothingLearns
  /// Every strategy is within the margin of 100 %: all advice is right.
  case ceiling

  /// How many margins above chance an accuracy may be without being called more than guessing.
  ///
  /// With few replicates intervals are wide enough to hold chance at places where strategies learn.
  static let mostMargins = 5.0
  /// The required probability that a strategy is better than guessing, for all strategies together.
  private static let certainty = 0.95

  /// What is known of a strategy's accuracy, 0...1.
  package struct Accuracy: Sendable, Hashable {
    /// Where its interval begins.
    let lower: Double
    /// How high it may well be: the mean of measurements, or where the interval of a forecast ends.
    let likely: Double

    package init(lower: Double, likely: Double) { (self.lower, self.likely) = (lower, likely) }
  }

  /// The strength by intervals of accuracies.
  ///
  /// Nothing learns if the interval of no strategy begins more than the margin above chance, and no
  /// likely accuracy is more than ``mostMargins`` margins above it. The place is at the ceiling
  /// if the intervals of all strategies begin within the margin of 100 %.
  ///
  /// - Parameters:
  ///   - chance: The accuracy of guessing, 0...1; `nil` if it is not known.
  ///   - margin: The difference that does not count, as a fraction.
  package init(_ accuracies: [Accuracy], chance: Double?, margin: Double) {
    // Accuracies are decimal fractions that binary numbers only approximate.
    let margin = margin + 1e-11
    guard !accuracies.isEmpty else {
      self = .telling
      return
    }
    if let chance,
      accuracies.allSatisfy({
        $0.lower <= chance + margin && $0.likely <= chance + Self.mostMargins * margin
      })
    {
      self = .nothingLearns
    } else {
      self = accuracies.allSatisfy { $0.lower >= 1 - margin } ? .ceiling : .telling
    }
  }

  /// The strength by how far each strategy leads guessing, by normal distributions.
  ///
  /// Nothing learns if no lead is above zero with a probability of 95 % for all of them together
  /// (Bonferroni).
  package init(leads: [(mean: Double, variance: Double)]) {
    let allowed = (1 - Self.certainty) / Double(max(1, leads.count))
    let isShown = leads.contains { lead in
      lead.variance > 0 && Normal.upperTail(lead.mean / Double.sqrt(lead.variance)) <= allowed
    }
    self = isShown ? .telling : .nothingLearns
  }
}

extension MatrixCell {
  /// How strong the place is.
  ///
  /// It takes two strategies and, for each measured one, an interval; otherwise the place counts as
  /// telling.
  package func strength(_ criteria: VerdictCriteria) -> PlaceStrength {
    let measured = measuredArms
    guard measured.count > 1 else { return .telling }
    let accuracies = measured.compactMap { summary -> PlaceStrength.Accuracy? in
      guard let mean = summary.meanAccuracy,
        let lower = summary.interval(confidence: criteria.confidence)?.lower
      else { return nil }
      return PlaceStrength.Accuracy(lower: lower, likely: mean)
    }
    guard accuracies.count == measured.count else { return .telling }
    return PlaceStrength(accuracies, chance: chance, margin: criteria.margin / 100)
  }
}

extension PlaceStrength {
  /// The verdict on every advice at a place that is not telling; `nil` at a telling one.
  var verdict: Verdict? {
    switch self {
    case .telling: nil
    case .nothingLearns: .nothingLearns
    case .ceiling: .ceiling
    }
  }
}
