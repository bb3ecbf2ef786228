package import Records

/// How far a sweep is: counts, and an estimate of the time that is left.
///
/// A plain value that events are told to. It reads no clock: all times are seconds since the sweep
/// started, and come from the caller.
package struct SweepProgress: Sendable, Hashable {
  /// Number of cells of the sweep.
  package let total: Int
  /// Cells that completed or failed.
  package private(set) var doneCount = 0
  /// Those of them that failed.
  package private(set) var failedCount = 0
  /// What happened last.
  package private(set) var latest: SweepEvent?
  /// When that was, in seconds.
  package private(set) var elapsed = 0.0

  /// A cell that is under way.
  package struct Running: Sendable, Hashable {
    package let key: CellKey
    package let cost: Double
    /// Seconds after the start of the sweep.
    package let start: Double
  }

  /// What each worker does, `nil` where it does nothing.
  ///
  /// As many as were at work at once, which may be fewer than were asked for. A cell keeps its
  /// place while it is under way.
  package private(set) var workers: [Running?] = []
  private var waitingCost: Double
  private var doneCost = 0.0
  private var doneSeconds = 0.0

  /// - Parameter costs: The estimated cost of every cell, in any unit, each at least 0.
  package init(costs: [Double]) {
    total = costs.count
    waitingCost = costs.reduce(0, +)
  }

  /// Cells that are under way.
  package var runningCount: Int { workers.count { $0 != nil } }

  /// Takes note of an event.
  ///
  /// - Parameters:
  ///   - cost: The estimated cost of the event's cell, as given at the start.
  ///   - elapsed: Seconds since the sweep started.
  package mutating func note(_ event: SweepEvent, cost: Double, at elapsed: Double) {
    self.elapsed = max(self.elapsed, elapsed)
    latest = event
    switch event {
    case .started(let key):
      let cell = Running(key: key, cost: cost, start: elapsed)
      if let idle = workers.firstIndex(of: nil) {
        workers[idle] = cell
      } else {
        workers.append(cell)
      }
      waitingCost = max(0, waitingCost - cost)
    case .abandoned(let key):
      _ = end(key)
    case .finished(let result):
      doneCount += 1
      if result.measurement == nil { failedCount += 1 }
      // A cell that fails early says nothing about how long cells take.
      guard let cell = end(result.key), result.measurement != nil else { return }
      doneCost += cell.cost
      doneSeconds += max(0, elapsed - cell.start)
    }
  }

  private mutating func end(_ key: CellKey) -> Running? {
    guard let worker = workers.firstIndex(where: { $0?.key == key }) else { return nil }
    defer { workers[worker] = nil }
    return workers[worker]
  }

  /// How long a cell of this cost takes, by those that have ended, in seconds; `nil` before there
  /// is anything to go by.
  package func expectedSeconds(ofCost cost: Double) -> Double? {
    guard doneCost > 0, doneSeconds > 0 else { return nil }
    return cost * (doneSeconds / doneCost)
  }

  /// Seconds until the last cell ends, or `nil` before there is anything to go by.
  ///
  /// The remaining cost times the seconds that a unit of cost has taken so far, shared among the
  /// workers. What running cells have already spent is taken off; a cell cannot be shared, so the
  /// longest of them is a lower bound.
  ///
  /// - Parameter elapsed: Seconds since the sweep started, at least those of the last event.
  package func remainingSeconds(at elapsed: Double) -> Double? {
    if doneCount == total { return 0 }
    guard let secondsPerCost = expectedSeconds(ofCost: 1), !workers.isEmpty else { return nil }
    let underWay = workers.compactMap { $0 }.map {
      max(0, $0.cost * secondsPerCost - max(0, elapsed - $0.start))
    }
    let work = waitingCost * secondsPerCost + underWay.reduce(0, +)
    return max(work / Double(workers.count), underWay.max() ?? 0)
  }
}
