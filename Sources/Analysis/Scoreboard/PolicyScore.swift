import Records

/// How well a policy's advice fares over the cells of a matrix.
///
/// The regret in a cell is the best arm's accuracy minus the advised arm's, in points, zero where
/// the advised arm is the best. Cells without advice, or where the advised arm was not measured,
/// take no part; ``cellCount`` tells how many do.
package struct PolicyScore: Sendable, Hashable {
  package let policy: String
  package let summary: String
  package let heldOut: HeldOut
  /// The advised arm per cell of the matrix.
  package let advice: [String?]
  package let cellCount: Int
  package let meanRegret: Double?
  package let interval: ConfidenceInterval?
  /// The regret that half of the cells do not exceed, interpolated.
  package let medianRegret: Double?
  /// The regret that 95 % of the cells do not exceed, interpolated.
  package let percentile95: Double?
  /// Share of the cells with a regret of at most the margin, 0...1.
  package let shareWithinMargin: Double?
  /// CPU seconds over the best arm's: the geometric mean over cells.
  package let costRatio: Double?
  /// Against the reference policy; `nil` for itself and without a common cell.
  package internal(set) var difference: PolicyDifference?
  /// Whether no other policy scored on as many cells has both less regret and less cost.
  package internal(set) var isOnFront = false

  init(
    _ policy: some AdvisingPolicy, heldOut: HeldOut, in matrix: ResultsMatrix,
    criteria: VerdictCriteria
  ) throws {
    self.policy = policy.name
    summary = policy.summary
    self.heldOut = heldOut
    advice = try heldOut.advice(policy, in: matrix)
    var regrets: [(similarity: Similarity?, values: [Double?])] = []
    var points: [Double] = []
    var costs: [Double] = []
    for (cell, name) in zip(matrix.cells, advice) {
      guard let advised = name.flatMap(cell.arm(named:)),
        let regret = Regret(of: advised, among: cell.arms, confidence: criteria.confidence)
      else { continue }
      regrets.append((cell.similarity, regret.byReplicate))
      points.append(max(0, regret.points))
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
      points.isEmpty
      ? nil
      : Double(points.count { $0 <= criteria.margin + 1e-9 }) / Double(points.count)
    costRatio = Statistics.geometricMean(costs)
  }
}

/// What following one policy rather than another yields, over the cells where both advise.
package struct PolicyDifference: Sendable, Hashable {
  package let cellCount: Int
  /// Accuracy of the policy's arms minus that of the reference's, in points, paired by replicate.
  ///
  /// That is the regret that it saves; the best arm plays no part in it.
  package let points: Double
  package let interval: ConfidenceInterval?
  /// How likely a run of the policy's arm is to be more accurate than one of the reference's, on a
  /// cell drawn at random.
  package let probabilityOfImprovement: Double?

  init?(
    _ advice: [String?], _ reference: [String?], in matrix: ResultsMatrix, confidence: Double
  ) {
    let pairs = zip(matrix.cells, zip(advice, reference)).compactMap { cell, names in
      names.0.flatMap(cell.arm(named:)).flatMap { own in
        names.1.flatMap(cell.arm(named:)).map { (cell, own, $0) }
      }
    }
    let differences = pairs.map {
      cell, own, other -> (similarity: Similarity?, values: [Double?]) in
      (
        similarity: cell.similarity,
        values: PairedDifferences(own.percentages, other.percentages).byReplicate
      )
    }
    guard let mean = matrix.mean(of: differences, confidence: confidence) else { return nil }
    cellCount = differences.count { $0.values.contains { $0 != nil } }
    points = mean.mean
    interval = mean.interval?.clipped(to: .difference)
    probabilityOfImprovement = Aggregates.probabilityOfImprovement(
      pairs.map { $0.1.accuracies.compactMap { $0 } },
      over: pairs.map { $0.2.accuracies.compactMap { $0 } })
  }
}
