import Records

/// The replicates of one arm in one place, before and after.
struct BaselineCell {
  let place: BaselinePlace
  private let old, new: [Measurement?]

  /// The cells of which the baseline has at least one completed replicate, in its order.
  static func all(of baseline: SweepResults, in results: SweepResults) -> [BaselineCell] {
    let plan = baseline.plan
    let depths: [Int?] = plan.depths.isEmpty ? [nil] : plan.depths
    return plan.similarities.flatMap { similarity in
      plan.trainSizes.flatMap { size in
        plan.arms.flatMap { arm in
          depths.compactMap { depth in
            let keys = (0..<plan.replicates).map {
              CellKey(
                similarity: similarity, trainSize: size, arm: arm, depth: depth, replicate: $0)
            }
            let old = keys.map { completed(baseline[$0]) }
            guard old.contains(where: { $0 != nil }) else { return nil }
            return BaselineCell(
              place: BaselinePlace(
                similarity: similarity, trainSize: size, arm: arm.name, depth: depth),
              old: old, new: keys.map { completed(results[$0]) })
          }
        }
      }
    }
  }

  /// A run without an accuracy counts as missing.
  private static func completed(_ cell: CellResult?) -> Measurement? {
    cell?.measurement.flatMap { $0.accuracy.isFinite ? $0 : nil }
  }

  func before(_ figure: BaselineFigure) -> [Double?] { old.map { $0.flatMap(figure.value) } }

  func after(_ figure: BaselineFigure) -> [Double?] { new.map { $0.flatMap(figure.value) } }

  /// That replicates of the baseline are not there any more.
  var missing: BaselineChange? {
    guard zip(old, new).contains(where: { $0 != nil && $1 == nil }) else { return nil }
    return BaselineChange(
      kind: .missing, place: place, what: "replicates",
      before: Double(old.count { $0 != nil }), after: Double(new.count { $0 != nil }))
  }
}
