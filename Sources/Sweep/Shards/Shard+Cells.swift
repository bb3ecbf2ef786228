package import Records

extension Shard {
  /// The cells of the shard, in the order of the plan.
  ///
  /// Longest processing time first (Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J.
  /// Appl. Math. 17, 1969): from the most expensive cell down, each goes to the shard that has the
  /// least so far. Among equals the order of the plan and of the shards decides, so that the cells
  /// of a shard depend on the cells, their costs and the number of shards alone.
  ///
  /// - Parameters:
  ///   - cells: all cells of the plan.
  ///   - cost: what a cell is expected to take, in any unit; below zero and not finite is zero.
  package func cells(of cells: [CellKey], cost: (CellKey) -> Double) -> [CellKey] {
    let costs = cells.map { key in
      let cost = cost(key)
      return cost.isFinite ? max(0, cost) : 0
    }
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    var loads = [Load](repeating: Load(), count: count)
    var isMine = [Bool](repeating: false, count: cells.count)
    for index in order {
      // The first of the least loaded ones.
      guard let least = loads.indices.min(by: { loads[$0] < loads[$1] }) else { break }
      loads[least].cost += costs[index]
      loads[least].cells += 1
      isMine[index] = least + 1 == number
    }
    return zip(cells, isMine).filter(\.1).map(\.0)
  }

  private struct Load: Comparable {
    var cost = 0.0
    var cells = 0

    static func < (left: Load, right: Load) -> Bool {
      (left.cost, left.cells) < (right.cost, right.cells)
    }
  }
}
