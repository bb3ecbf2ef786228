package import Records

/// Advises by measurements: predicts every strategy's accuracy and cost for a task from a matrix,
/// and says which one to use, or that the measurements are inconclusive.
package struct MeasuredAdvisor: Sendable {
  private let matrix: ResultsMatrix
  private let architecture: String?
  private let options: String
  private let seed: UInt64

  /// The number of draws from which probabilities and intervals are computed.
  static let drawCount = 2_000

  /// - Parameters:
  ///   - architecture: The architecture of the measured network, for commands that measure more;
  ///     `nil` if it is not one of tlbench's.
  ///   - options: Further options of `tlbench sweep` for such commands.
  ///   - seed: The seed of the draws: the same results and seed give the same advice.
  package init(
    _ matrix: ResultsMatrix, architecture: String?, options: String = "", seed: UInt64 = 0
  ) {
    self.matrix = matrix
    self.architecture = architecture
    self.options = options
    self.seed = seed
  }

  /// The advice for a task.
  ///
  /// - Parameter similarity: `nil` if it is not known; the task is then assumed to be like one of
  ///   the measured tasks.
  /// - Throws: ``Failure`` of kind `usage` for a size below 1, `badData` if fewer than two
  ///   strategies were measured, or a similarity is given and no measured task has one.
  package func advise(
    trainSize: Int, similarity: Similarity?, criteria: AdviceCriteria = AdviceCriteria()
  ) throws(Failure) -> MeasuredAdvice {
    guard trainSize >= 1 else {
      throw Failure(
        .usage, "cannot recommend a strategy for \(trainSize) examples",
        because: "the size must be at least 1",
        remedy: "Give the number of labelled training examples of the new task.")
    }
    return try advise(
      trainSize: trainSize, similarity: similarity, criteria: criteria,
      by: fitted(knowsSimilarity: similarity != nil), searchesCrossovers: true)
  }

  /// The models of the measurements, for any number of questions.
  ///
  /// - Throws: The `badData` failures of ``advise(trainSize:similarity:criteria:)``.
  func fitted(knowsSimilarity: Bool) throws(Failure) -> FittedMeasurements {
    let fitted = FittedMeasurements(matrix, knowsSimilarity: knowsSimilarity)
    try check(fitted)
    return fitted
  }

  /// The advice for a task by models that were fitted before.
  ///
  /// - Parameter searchesCrossovers: Whether to find out how the choice changes with the size.
  func advise(
    trainSize: Int, similarity: Similarity?, criteria: AdviceCriteria,
    by fitted: FittedMeasurements,
    searchesCrossovers: Bool
  ) throws(Failure) -> MeasuredAdvice {
    let rule = try similarity?.level.map { level throws(Failure) in
      try Advisor.recommend(datasetSize: trainSize, similarity: level)
    }
    let point = SurfacePoint(trainSize: trainSize, similarity: similarity?.value ?? 0)
    let forecast = fitted.forecast(at: point, count: Self.drawCount, seed: seed)
    let choice = ArmDecision(
      forecast, fitted, at: point, criteria: criteria, chance: matrix.chance)
    return MeasuredAdvice(
      trainSize: trainSize, similarity: similarity, criteria: criteria,
      outcome: outcome(
        choice, forecast, fitted, at: point, trainSize, similarity, margin: criteria.margin),
      subject: subject(fitted), predictions: choice.predictions, replicates: forecast.replicates,
      crossovers: searchesCrossovers && forecast.outsideReason == nil && forecast.missing.isEmpty
        ? CrossoverSearch(
          fitted, of: forecast.compared, around: point, criteria: criteria,
          count: Self.drawCount / 4, seed: seed)?.crossovers() ?? [] : [],
      comparison: fitted.comparison, rule: rule,
      ruleVerdict: searchesCrossovers ? rule.map { verdict(on: $0.rule) } : nil)
  }

  private func outcome(
    _ choice: ArmDecision, _ forecast: PlaceForecast, _ fitted: FittedMeasurements,
    at point: SurfacePoint, _ trainSize: Int, _ similarity: Similarity?, margin: Double
  ) -> MeasuredAdvice.Outcome {
    let favourite = fitted.arms[choice.favourite]
    if let reason = forecast.outsideReason {
      return .outside(reason: reason, extrapolated: favourite)
    }
    if choice.nothingLearns, let chance = matrix.chance {
      return .guessing(chance: chance, cheapest: favourite)
    }
    if let arm = choice.decided { return .advised(fitted.arms[arm]) }
    let leading = choice.leading.map { fitted.arms[$0] }
    return .undecided(
      leading: leading,
      measure: SuggestedSweep(
        architecture: architecture, options: options, similarity: similarity ?? .task("any"),
        trainSize: trainSize, arms: leading,
        replicates: fitted.costs.grid.replicatesNeeded(
          toTell: Array(choice.leading.prefix(2)), at: point, margin: margin)))
  }

  private func subject(_ fitted: FittedMeasurements) -> MeasuredAdvice.Subject {
    if fitted.subject == .task { return .oneTask }
    if matrix.isOverFolds { return .allFolds }
    return matrix.replication == .independent ? .meanOverTasks : .meanOverSplits
  }

  private func verdict(on rule: Rule) -> Verdict {
    let criteria = VerdictCriteria.standard
    let cells = matrix.cells.filter { RuleSet.table.governing($0.place) == rule }
      .map { RuleVerdict(rule, in: $0, criteria: criteria) }
    return OverallVerdict(cells, in: matrix, criteria: criteria).verdict
  }

  private func check(_ fitted: FittedMeasurements) throws(Failure) {
    guard !matrix.cells.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "no run completed",
        remedy: "'tlbench inspect' shows their contents.")
    }
    guard !fitted.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "no measured task has a similarity",
        remedy: "Give `similarity` = unknown.")
    }
    guard fitted.measuredCount > 1 else {
      throw Failure(
        .badData, Self.attempt, because: "fewer than two strategies were measured",
        remedy: "Give results of a sweep over strategies.")
    }
  }

  private static let attempt = "cannot advise from the results"
}
