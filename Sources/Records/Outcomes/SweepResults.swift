/// A sweep's plan with the outcomes of its runs: the content of a results file.
package struct SweepResults: Sendable {
  package let plan: SweepPlan
  package let provenance: Provenance
  /// The outcome of each run, over the whole grid of the plan; `nil` if the run has not ended.
  package let outcomes: [RunResult.Outcome?]
  /// The expected cost of each run, over the whole grid; empty if there are no estimates.
  package let estimates: [CostEstimate?]

  /// - Precondition: one outcome per position of the grid, `nil` if no run is planned there, and as
  ///   many estimates or none.
  package init(
    plan: SweepPlan, provenance: Provenance, outcomes: [RunResult.Outcome?],
    estimates: [CostEstimate?] = []
  ) {
    precondition(outcomes.count == plan.gridCount, "outcomes and plan disagree")
    precondition([0, plan.gridCount].contains(estimates.count), "estimates and plan disagree")
    self.estimates = estimates
    self.plan = plan
    self.provenance = provenance
    self.outcomes = outcomes
  }

  /// Makes results from runs in any order.
  ///
  /// Of two runs with the same key the last one counts; runs outside the plan are ignored.
  package init(plan: SweepPlan, provenance: Provenance, cells: [RunResult]) {
    var outcomes = [RunResult.Outcome?](repeating: nil, count: plan.gridCount)
    for cell in cells {
      if let place = plan.place(of: cell.key) { outcomes[place] = cell.outcome }
    }
    self.init(plan: plan, provenance: provenance, outcomes: outcomes)
  }

  /// The same results with other words for the reasons of failed runs.
  package func rewordingFailures(_ reworded: (String) -> String) -> SweepResults {
    guard outcomes.contains(where: { $0 != nil && $0?.measurement == nil }) else { return self }
    return SweepResults(
      plan: plan, provenance: provenance,
      outcomes: outcomes.map { outcome in
        if case .failed(let reason) = outcome { .failed(reason: reworded(reason)) } else { outcome }
      },
      estimates: estimates)
  }

  /// The result of a run; `nil` if it has not ended.
  package subscript(key: RunKey) -> RunResult? {
    guard let place = plan.place(of: key), let outcome = outcomes[place] else { return nil }
    return RunResult(key: key, outcome: outcome)
  }

  /// The measurements of one strategy at one place, by planned replicate; `nil` for runs that are
  /// missing or failed.
  package func measurements(
    similarity: Similarity, trainSize: Int, arm: Arm, depth: Int? = nil
  ) -> [Measurement?] {
    outcomes(similarity: similarity, trainSize: trainSize, arm: arm, depth: depth).map {
      $0?.measurement
    }
  }

  /// The outcomes of one strategy at one place, by planned replicate; `nil` for runs that have not
  /// ended.
  package func outcomes(
    similarity: Similarity, trainSize: Int, arm: Arm, depth: Int? = nil
  ) -> [RunResult.Outcome?] {
    let count = plan.plannedReplicates(similarity: similarity, trainSize: trainSize)
    let first = RunKey(
      similarity: similarity, trainSize: trainSize, arm: arm, depth: depth, replicate: 0)
    // The last axis of the grid is that of the replicates.
    guard let start = plan.place(of: first) else { return Array(repeating: nil, count: count) }
    return Array(outcomes[start..<start + count])
  }

  /// The runs that failed, in plan order.
  package var failures: [RunResult] {
    outcomes.enumerated().compactMap { place, outcome in
      guard let outcome, outcome.measurement == nil else { return nil }
      return RunResult(key: plan.key(at: place), outcome: outcome)
    }
  }

  /// How many runs have ended.
  package var endedCount: Int { outcomes.count { $0 != nil } }

  /// How many planned runs have not ended.
  package var missingCount: Int { plan.cellCount - endedCount }

  /// How many planned runs have not ended, at places where at least one run has.
  ///
  /// A published table rarely has every task at every size; a place that it does not have is not
  /// missing.
  package var missingAtMeasuredPlaces: Int {
    // The axes after similarity and train size.
    let runsPerPlace = plan.shape.dropFirst(2).reduce(1, *)
    guard runsPerPlace > 0 else { return 0 }
    return stride(from: 0, to: outcomes.count, by: runsPerPlace).reduce(0) { sum, start in
      let place = start..<start + runsPerPlace
      guard place.contains(where: { outcomes[$0] != nil }) else { return sum }
      return sum + place.count { outcomes[$0] == nil && plan.isPlanned(at: $0) }
    }
  }
}
