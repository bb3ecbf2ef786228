package import Records
package import Transfer

/// The expected costs of the runs of a plan.
package struct SweepEstimate: Sendable {
  /// The estimates over the grid of the plan; `nil` at positions without a planned run.
  package let values: [CostEstimate?]
  /// Bytes of working memory of a thread that helps with a run.
  package let helperBytes: Int
  private let plan: SweepPlan

  /// - Parameter classes: the number of classes of the target tasks.
  package init(_ plan: SweepPlan, model: PretrainedModel, classes: Int) {
    self.plan = plan
    // Similarities and replicates differ only in their data.
    var row: [CostEstimate] = []
    for size in plan.trainSizes {
      for arm in plan.arms {
        for arm in plan.depths.isEmpty ? [arm] : plan.depths.map(arm.atDepth) {
          row.append(
            StrategyRun(arm: arm, model: model, seed: 0)
              .estimate(trainSize: size, classes: classes))
        }
      }
    }
    helperBytes =
      plan.arms.map {
        StrategyRun(arm: $0, model: model, seed: 0).helperBytes(classes: classes)
      }.max() ?? 0
    values = (0..<plan.gridCount).map { place in
      plan.isPlanned(plan.key(at: place)) ? row[place / plan.replicates % row.count] : nil
    }
  }

  /// The estimated cost of a run of the plan.
  package subscript(key: RunKey) -> CostEstimate {
    plan.place(of: key).flatMap { values[$0] } ?? .nothing
  }

  package func cpuSeconds(of key: RunKey) -> Double { self[key].cpuSeconds }
}

extension RunKey {
  /// The strategy as it is trained in this run, at the depth of the run if there is one.
  package var runArm: Arm { depth.map(arm.atDepth) ?? arm }
}
