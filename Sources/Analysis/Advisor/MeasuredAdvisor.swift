package import Records

/// Advises by measurements: predicts every arm's accuracy and cost for a task from a matrix, and says
/// which one to use, or that the measurements do not tell.
package struct MeasuredAdvisor: Sendable {
  private let matrix: ResultsMatrix
  private let architecture: String?
  private let seed: UInt64

  /// How many sets of accuracies probabilities and intervals come from.
  static let drawCount = 2_000

  /// - Parameters:
  ///   - architecture: of the network that was measured, for commands that measure more; `nil`
  ///     where it is none of tlbench's.
  ///   - seed: Seed of the draws: the same results and seed give the same advice.
  package init(_ matrix: ResultsMatrix, architecture: String?, seed: UInt64 = 0) {
    self.matrix = matrix
    self.architecture = architecture
    self.seed = seed
  }

  /// The advice for a task.
  ///
  /// - Parameter similarity: `nil` where it is not known: then all measured tasks count alike.
  /// - Throws: ``Failure`` of kind `usage` for a size below 1, `badData` where fewer than two arms
  ///   were measured, or no measured task has a similarity.
  package func advise(
    trainSize: Int, similarity: Similarity?, criteria: AdviceCriteria = AdviceCriteria()
  ) throws(Failure) -> MeasuredAdvice {
    let rule = try similarity.map { similarity throws(Failure) in
      try Advisor.recommend(datasetSize: trainSize, similarity: similarity.level)
    }
    guard trainSize >= 1 else {
      throw Failure(
        .usage, "cannot recommend a strategy for \(trainSize) examples",
        because: "the size must be at least 1",
        remedy: "Give the number of labelled training examples of the new task.")
    }
    let grid = AccuracyGrid(matrix, along: similarity == nil ? .sizeAlone : .similarity)
    try check(grid)
    let model = AccuracyModel(grid)
    let point = SurfacePoint(trainSize: trainSize, similarity: similarity?.value ?? 0)
    let choice = ArmChoice(model, at: point, criteria: criteria, count: Self.drawCount, seed: seed)
    let reason = outsideReason(trainSize: trainSize, similarity: similarity)
    let outcome: MeasuredAdvice.Outcome
    if let reason {
      outcome = .outside(reason: reason)
    } else if let arm = choice.decided {
      outcome = .advised(grid.arms[arm])
    } else {
      outcome = .undecided(
        leading: choice.leading.map { grid.arms[$0] },
        measure: SuggestedSweep(
          architecture: architecture, similarity: similarity ?? .task("any"),
          trainSize: trainSize, arms: choice.leading.map { grid.arms[$0] },
          replicates: choice.replicatesNeeded))
    }
    return MeasuredAdvice(
      trainSize: trainSize, similarity: similarity, criteria: criteria, outcome: outcome,
      predictions: choice.predictions,
      crossovers: reason == nil
        ? CrossoverSearch(
          model, similarity: point.similarity, criteria: criteria, count: Self.drawCount / 4,
          seed: seed
        ).crossovers(around: point.logSize, of: choice.favourite) : [],
      comparison: model.comparison, rule: rule)
  }

  private func check(_ grid: AccuracyGrid) throws(Failure) {
    guard !matrix.cells.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "no cell completed",
        remedy: "'tlbench inspect' tells what they hold.")
    }
    guard !grid.places.isEmpty else {
      throw Failure(
        .badData, Self.attempt, because: "no measured task has a similarity",
        remedy: "Say --similarity unknown.")
    }
    guard grid.arms.indices.count(where: { grid.surface(of: $0) != nil }) > 1 else {
      throw Failure(
        .badData, Self.attempt, because: "fewer than two strategies were measured",
        remedy: "Give results of a sweep over strategies.")
    }
  }

  private static let attempt = "cannot advise by the results"

  /// How a task lies outside of what was measured; `nil` where it does not.
  private func outsideReason(trainSize: Int, similarity: Similarity?) -> String? {
    let cells = matrix.cells.filter { similarity == nil || $0.similarity.isKnown }
    let sizes = cells.map(\.trainSize)
    if let least = sizes.min(), let most = sizes.max(), !(least...most).contains(trainSize) {
      return "sizes from \(least) to \(most) were measured, not \(trainSize)"
    }
    let levels = cells.map(\.similarity)
    guard let similarity, let least = levels.min(by: { $0.value < $1.value }),
      let most = levels.max(by: { $0.value < $1.value }),
      !(least.value...most.value).contains(similarity.value)
    else { return nil }
    return "similarities from \(least.label) to \(most.label) were measured, not "
      + similarity.label
  }
}
