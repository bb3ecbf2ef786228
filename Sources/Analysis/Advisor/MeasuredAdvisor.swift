package import Records

/// Advises by measurements: predicts every arm's accuracy and cost for a task from a matrix, and says
/// which one to use, or that the measurements do not tell.
package struct MeasuredAdvisor: Sendable {
  private let matrix: ResultsMatrix
  private let architecture: String?
  private let options: String
  private let seed: UInt64

  /// How many sets of accuracies probabilities and intervals come from.
  static let drawCount = 2_000

  /// - Parameters:
  ///   - architecture: of the network that was measured, for commands that measure more; `nil`
  ///     where it is none of tlbench's.
  ///   - options: further ones of `tlbench sweep`, for such commands.
  ///   - seed: Seed of the draws: the same results and seed give the same advice.
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
  /// - Parameter similarity: `nil` where it is not known: then the task is like one of those that
  ///   were measured.
  /// - Throws: ``Failure`` of kind `usage` for a size below 1, `badData` where fewer than two arms
  ///   were measured, or no measured task has a similarity.
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
  /// - Throws: as ``advise(trainSize:similarity:criteria:)``, but for the size.
  func fitted(knowsSimilarity: Bool) throws(Failure) -> FittedMeasurements {
    let fitted = FittedMeasurements(matrix, knowsSimilarity: knowsSimilarity)
    try check(fitted)
    return fitted
  }

  /// The advice for a task by models that were fitted before.
  ///
  /// - Parameter searchesCrossovers: whether to say how the choice changes with the size.
  func advise(
    trainSize: Int, similarity: Similarity?, criteria: AdviceCriteria,
    by fitted: FittedMeasurements,
    searchesCrossovers: Bool
  ) throws(Failure) -> MeasuredAdvice {
    let rule = try similarity.map { similarity throws(Failure) in
      try Advisor.recommend(datasetSize: trainSize, similarity: similarity.level)
    }
    let point = SurfacePoint(trainSize: trainSize, similarity: similarity?.value ?? 0)
    let forecast = fitted.forecast(at: point, count: Self.drawCount, seed: seed)
    let choice = ArmChoice(
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
    _ choice: ArmChoice, _ forecast: PlaceForecast, _ fitted: FittedMeasurements,
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
        .badData, Self.attempt, because: "no cell completed",
        remedy: "'tlbench inspect' tells what they hold.")
    }
    guard !fitted.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "no measured task has a similarity",
        remedy: "Use --similarity unknown.")
    }
    guard fitted.measuredCount > 1 else {
      throw Failure(
        .badData, Self.attempt, because: "fewer than two strategies were measured",
        remedy: "Give results of a sweep over strategies.")
    }
  }

  private static let attempt = "cannot advise by the results"
}
