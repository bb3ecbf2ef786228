package import Records

extension Shard {
  /// The runs of the shard, in the order of the plan.
  ///
  /// Longest processing time first (Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J.
  /// Appl. Math. 17, 1969): from the most expensive run down, each is assigned to the shard with
  /// the least cost so far. Ties are broken by the order of the plan and of the shards, so the runs
  /// of a shard depend only on the runs, their costs and the number of shards.
  ///
  /// - Parameters:
  ///   - cells: all runs of the plan.
  ///   - cost: the expected cost of a run, in any unit; values below zero and values that are not
  ///     finite count as zero.
  package func cells(of cells: [RunKey], cost: (RunKey) -> Double) -> [RunKey] {
    let costs = cells.map { key in
      let cost = cost(key)
      return cost.isFinite ? max(0, cost) : 0
    }
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    var loads = [Load](repeating: Load(), count: count)
    var isMine = [Bool](repeating: false, count: cells.count)
    for index in order {
      // The first of the least loaded shards.
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
