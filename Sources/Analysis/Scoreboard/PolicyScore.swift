import Records

/// The score of an advisor over the places of a matrix.
///
/// The regret at a place is the best strategy's accuracy minus the advised strategy's, in points,
/// zero if the advised strategy is the best. Places without advice, or at which the advised
/// strategy was not measured, are ignored, and so are places where nothing learns or all strategies
/// are at the ceiling (``PlaceStrength``); ``cellCount`` is the number of the others.
package struct PolicyScore: Sendable, Hashable {
  package let policy: String
  package let summary: String
  package let heldOut: HeldOut
  /// The advised strategy per place of the matrix.
  package let advice: [String?]
  package let cellCount: Int
  package let meanRegret: Double?
  package let interval: ConfidenceInterval?
  /// The median of the regret over places, interpolated.
  package let medianRegret: Double?
  /// The 95th percentile of the regret over places, interpolated.
  package let percentile95: Double?
  /// The fraction of the places with a regret of at most the margin, 0...1.
  package let shareWithinMargin: Double?
  /// CPU seconds over the best strategy's: the geometric mean over places.
  package let costRatio: Double?
  /// The difference to the reference advisor; `nil` for the reference itself, and without a common
  /// place.
  package internal(set) var difference: PolicyDifference?
  /// Whether the advisor covers every place, and no other that does has both less regret and less
  /// cost.
  package internal(set) var isOnFront = false

  init(
    _ policy: some AdvisingPolicy, heldOut: HeldOut, in matrix: ResultsMatrix,
    criteria: VerdictCriteria
  ) throws {
    self.policy = policy.name
    summary = policy.summary
    self.heldOut = heldOut
    advice = try heldOut.advice(policy, in: matrix)
    var regrets: [(similarity: Similarity?, values: PairedDifferences)] = []
    var points: [Double] = []
    var costs: [Double] = []
    var withinCount = 0
    for (cell, name) in zip(matrix.cells, advice) {
      guard cell.strength(criteria) == .telling, let advised = name.flatMap(cell.arm(named:)),
        let regret = Regret(of: advised, among: cell.arms, confidence: criteria.confidence)
      else { continue }
      regrets.append((cell.similarity, regret.loss))
      points.append(max(0, regret.points))
      if regret.points <= criteria.margin(at: cell) + 1e-9 { withinCount += 1 }
      if let own = advised.meanCPUSeconds,
        let best = cell.best(preferring: advised)?.meanCPUSeconds, best > 0
      {
        costs.append(own / best)
      }
    }
    cellCount = points.count
    let mean = matrix.mean(of: regrets, confidence: criteria.confidence)
    meanRegret = mean?.mean
    interval = mean?.interval?.clipped(to: .regret)
    medianRegret = Statistics.quantile(points, 0.5)
    percentile95 = Statistics.quantile(points, 0.95)
    shareWithinMargin =
      points.isEmpty ? nil : Double(withinCount) / Double(points.count)
    costRatio = Statistics.geometricMean(costs)
  }
}

/// The gain of following one advisor rather than another, over the places at which both advise.
package struct PolicyDifference: Sendable, Hashable {
  package let cellCount: Int
  /// The accuracy of the advisor's strategies minus that of the reference's, in points, paired by
  /// replicate.
  ///
  /// This is the regret that the advisor saves; it does not depend on the best strategy.
  package let points: Double
  package let interval: ConfidenceInterval?
  /// The probability that a run of the advisor's strategy is more accurate than one of the
  /// reference's, at a place drawn at random.
  package let probabilityOfImprovement: Double?

  init?(
    _ advice: [String?], _ reference: [String?], in matrix: ResultsMatrix,
    criteria: VerdictCriteria
  ) {
    let telling = zip(matrix.cells, zip(advice, reference)).filter {
      $0.0.strength(criteria) == .telling
    }
    let pairs = telling.compactMap { cell, names in
      names.0.flatMap(cell.arm(named:)).flatMap { own in
        names.1.flatMap(cell.arm(named:)).map { (cell, own, $0) }
      }
    }
    let differences = pairs.map {
      cell, own, other -> (similarity: Similarity?, values: PairedDifferences) in
      (similarity: cell.similarity, values: own.lead(over: other))
    }
    guard let mean = matrix.mean(of: differences, confidence: criteria.confidence) else {
      return nil
    }
    cellCount = differences.count { $0.values.count > 0 }
    points = mean.mean
    interval = mean.interval?.clipped(to: .difference)
    probabilityOfImprovement = Aggregates.probabilityOfImprovement(
      pairs.map { $0.1.accuracies.compactMap { $0 } },
      over: pairs.map { $0.2.accuracies.compactMap { $0 } })
  }
}
