import Records

/// The replicates of one strategy at one place, in the baseline and in the new results.
struct BaselineCell {
  let place: BaselinePlace
  /// What the replicates have in common.
  let replication: Replication
  private let old, new: [Measurement?]
  private let isOverFolds: Bool

  /// The strategies and places with at least one completed replicate in the baseline, in its order.
  static func all(of baseline: SweepResults, in results: SweepResults) -> [BaselineCell] {
    let plan = baseline.plan
    let depths: [Int?] = plan.depths.isEmpty ? [nil] : plan.depths
    let replication = plan.splitRatio.map(Replication.splits) ?? .independent
    let isOverFolds = plan.folds != nil && results.plan.folds == plan.folds
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.flatMap { size in
        plan.arms.flatMap { arm in
          depths.compactMap { depth in
            let keys = (0..<plan.replicates).map {
              RunKey(
                similarity: similarity, trainSize: size, arm: arm, depth: depth, replicate: $0)
            }
            let old = keys.map { completed(baseline[$0]) }
            guard old.contains(where: { $0 != nil }) else { return nil }
            return BaselineCell(
              place: BaselinePlace(
                similarity: similarity, trainSize: size, arm: arm.name, depth: depth),
              replication: replication, old: old, new: keys.map { completed(results[$0]) },
              isOverFolds: isOverFolds)
          }
        }
      }
    }
  }

  /// A run without an accuracy counts as missing.
  private static func completed(_ cell: RunResult?) -> Measurement? {
    cell?.measurement.flatMap { $0.accuracy.isFinite ? $0 : nil }
  }

  func before(_ metric: BaselineMetric) -> [Double?] { old.map { $0.flatMap(metric.value) } }

  func after(_ metric: BaselineMetric) -> [Double?] { new.map { $0.flatMap(metric.value) } }

  /// The change of a metric over the single examples of all folds; `nil` if the replicates are not
  /// folds, or the metric is not one of examples.
  func pooledChange(_ metric: BaselineMetric) -> PooledMean? {
    guard isOverFolds, metric == .accuracy, let examples = FoldExamples.all([old, new]),
      let before = examples[0], let after = examples[1]
    else { return nil }
    return after.lead(over: before)
  }

  /// The change that reports missing replicates; `nil` if none of the baseline's is missing.
  var missing: BaselineChange? {
    guard zip(old, new).contains(where: { $0 != nil && $1 == nil }) else { return nil }
    return BaselineChange(
      kind: .missing, place: place, what: "replicates",
      before: Double(old.count { $0 != nil }), after: Double(new.count { $0 != nil }))
  }
}
