/// Whether a place can tell good strategies from bad ones.
package enum PlaceStrength: Sendable, Hashable {
  /// Strategies can differ here.
  case telling
  /// No strategy is better than guessing: advice is neither right nor wrong.
  case nothingLearns
  /// Every strategy is within the margin of 100 %: all advice is right.
  case ceiling

  /// How many margins above chance a mean may be without being called guessing.
  ///
  /// With few replicates intervals are wide enough to hold chance at places where strategies learn.
  static let mostMargins = 5.0
}

extension MatrixCell {
  /// How strong the place is.
  ///
  /// Nothing learns if the interval of no strategy begins more than the margin above chance, and no
  /// mean is more than ``PlaceStrength/mostMargins`` margins above it. The place is at the ceiling
  /// if the intervals of all strategies begin within the margin of 100 %. It takes two strategies
  /// and, for each measured one, an interval; otherwise the place counts as telling.
  package func strength(_ criteria: VerdictCriteria) -> PlaceStrength {
    let margin = criteria.margin / 100 + 1e-11
    let measured = measuredArms
    guard measured.count > 1 else { return .telling }
    var (isGuessing, isCeiling) = (chance != nil, true)
    for summary in measured {
      let values = summary.accuracies.compactMap { $0 }
      guard let mean = Statistics.mean(values),
        let lower = Statistics.meanInterval(
          values, confidence: criteria.confidence, replication: summary.replication)?.lower
      else { return .telling }
      if lower < 1 - margin { isCeiling = false }
      if let chance, lower > chance + margin || mean > chance + PlaceStrength.mostMargins * margin {
        isGuessing = false
      }
    }
    if isGuessing { return .nothingLearns }
    return isCeiling ? .ceiling : .telling
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
