import Records

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
  private struct Running: Hashable {
    let cost: Double
    let start: Double
  }

  private var running: [CellKey: Running] = [:]
  /// The most cells that were under way at once: how many workers there are in practice, which
  /// may be fewer than asked for.
  private var workerCount = 0
  private var waitingCost: Double
  private var doneCost = 0.0
  private var doneSeconds = 0.0

  /// - Parameter costs: The estimated cost of every cell, in any unit, each at least 0.
  package init(costs: [Double]) {
    total = costs.count
    waitingCost = costs.reduce(0, +)
  }

  /// Cells that are under way.
  package var runningCount: Int { running.count }

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
      running[key] = Running(cost: cost, start: elapsed)
      workerCount = max(workerCount, running.count)
      waitingCost = max(0, waitingCost - cost)
    case .abandoned(let key):
      running[key] = nil
    case .finished(let result):
      doneCount += 1
      if result.measurement == nil { failedCount += 1 }
      guard let cell = running.removeValue(forKey: result.key) else { return }
      // A cell that fails early says nothing about how long cells take.
      guard result.measurement != nil else { return }
      doneCost += cell.cost
      doneSeconds += elapsed - cell.start
    }
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
    guard doneCost > 0, doneSeconds > 0, workerCount > 0 else { return nil }
    let secondsPerCost = doneSeconds / doneCost
    let underWay = running.values.map { max(0, $0.cost * secondsPerCost - (elapsed - $0.start)) }
    let work = waitingCost * secondsPerCost + underWay.reduce(0, +)
    return max(work / Double(workerCount), underWay.max() ?? 0)
  }
}
