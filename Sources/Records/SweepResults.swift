/// A sweep's plan with the cells that have ended: what a results file holds.
package struct SweepResults: Sendable {
  package let plan: SweepPlan
  package let provenance: Provenance
  /// How each cell ended, over the whole grid of the plan; `nil` where it has not.
  package let outcomes: [CellResult.Outcome?]
  /// What each cell was expected to take, over the whole grid; empty where nothing was.
  package let estimates: [CostEstimate?]

  /// - Precondition: one outcome per place of the grid, `nil` where no cell is planned, and as
  ///   many estimates or none.
  package init(
    plan: SweepPlan, provenance: Provenance, outcomes: [CellResult.Outcome?],
    estimates: [CostEstimate?] = []
  ) {
    precondition(outcomes.count == plan.gridCount, "outcomes and plan disagree")
    precondition([0, plan.gridCount].contains(estimates.count), "estimates and plan disagree")
    self.estimates = estimates
    self.plan = plan
    self.provenance = provenance
    self.outcomes = outcomes
  }

  /// Cells in any order; of two with the same key the last counts, and what is not in the plan does
  /// not.
  package init(plan: SweepPlan, provenance: Provenance, cells: [CellResult]) {
    var outcomes = [CellResult.Outcome?](repeating: nil, count: plan.gridCount)
    for cell in cells {
      if let place = plan.place(of: cell.key) { outcomes[place] = cell.outcome }
    }
    self.init(plan: plan, provenance: provenance, outcomes: outcomes)
  }

  /// The result of a cell, or `nil` where it has not ended.
  package subscript(key: CellKey) -> CellResult? {
    guard let place = plan.place(of: key), let outcome = outcomes[place] else { return nil }
    return CellResult(key: key, outcome: outcome)
  }

  /// The measurements of one arm over its planned replicates, in their order; `nil` where one is
  /// missing or failed.
  package func measurements(
    similarity: Similarity, trainSize: Int, arm: Arm, depth: Int? = nil
  ) -> [Measurement?] {
    (0..<plan.plannedReplicates(similarity: similarity, trainSize: trainSize)).map {
      self[
        CellKey(
          similarity: similarity, trainSize: trainSize, arm: arm, depth: depth, replicate: $0)]?
        .measurement
    }
  }

  /// Cells that failed, in plan order.
  package var failures: [CellResult] {
    outcomes.enumerated().compactMap { place, outcome in
      guard let outcome, outcome.measurement == nil else { return nil }
      return CellResult(key: plan.key(at: place), outcome: outcome)
    }
  }

  /// How many cells have ended.
  package var endedCount: Int { outcomes.count { $0 != nil } }

  /// How many planned cells have not ended.
  package var missingCount: Int { plan.cellCount - endedCount }
}
