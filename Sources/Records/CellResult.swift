/// How one cell ended.
package struct CellResult: Sendable, Hashable, Codable {
  package enum Outcome: Sendable, Hashable, Codable {
    case completed(Measurement)
    /// The run threw; the text says why.
    case failed(reason: String)
  }

  package let key: CellKey
  package let outcome: Outcome

  package init(key: CellKey, outcome: Outcome) {
    self.key = key
    self.outcome = outcome
  }

  package var measurement: Measurement? {
    if case .completed(let measurement) = outcome { measurement } else { nil }
  }
}

/// A sweep's plan with the cells that have ended: what a results file holds.
package struct SweepResults: Sendable {
  package let plan: SweepPlan
  package let provenance: Provenance
  private let cells: [CellKey: CellResult]

  package init(plan: SweepPlan, provenance: Provenance, cells: [CellResult]) {
    self.plan = plan
    self.provenance = provenance
    self.cells = Dictionary(cells.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
  }

  /// The result of a cell, or `nil` where it has not ended.
  package subscript(key: CellKey) -> CellResult? { cells[key] }

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
    plan.cellKeys.compactMap { cells[$0] }.filter { $0.measurement == nil }
  }
}
