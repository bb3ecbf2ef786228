package import Records

/// The progress of a sweep: counts, and an estimate of the remaining time.
///
/// It is a plain value, updated with ``note(_:cost:at:)``. It reads no clock: the caller passes all
/// times, as seconds since the sweep started.
package struct SweepProgress: Sendable, Hashable {
  /// The number of runs of the sweep, restored ones included.
  package let total: Int
  /// The number of runs that completed or failed, restored ones included.
  package private(set) var doneCount: Int
  /// The number of runs that failed.
  package private(set) var failedCount = 0
  /// The last event.
  package private(set) var latest: SweepEvent?
  /// The time of the last event, in seconds.
  package private(set) var elapsed = 0.0

  /// A run that is in progress.
  package struct Running: Sendable, Hashable {
    package let key: RunKey
    package let cost: Double
    /// Seconds after the start of the sweep.
    package let start: Double
  }

  /// The run of each worker; `nil` for an idle worker.
  ///
  /// There is one entry per worker seen so far, which may be fewer than requested. A run keeps its
  /// index while it is in progress.
  package private(set) var workers: [Running?] = []
  private var waitingCost: Double
  private var doneCost = 0.0
  private var doneSeconds = 0.0
  /// The expected seconds per unit of cost before a run has completed; `nil` if they are not known.
  private let secondsPerCost: Double?

  /// - Parameters:
  ///   - costs: The estimated cost of every run that is to be performed, in any unit, each at
  ///     least 0.
  ///   - restored: How many runs of the sweep had been completed before.
  ///   - secondsPerCost: The expected seconds per unit of cost, used until a run has completed
  ///     (default: not known).
  package init(costs: [Double], restored: Int = 0, secondsPerCost: Double? = nil) {
    total = costs.count + restored
    doneCount = restored
    waitingCost = costs.reduce(0, +)
    self.secondsPerCost = secondsPerCost
  }

  /// The number of runs in progress.
  package var runningCount: Int { workers.count { $0 != nil } }

  /// Updates the progress with an event.
  ///
  /// - Parameters:
  ///   - cost: The estimated cost of the event's run, as given at the start.
  ///   - elapsed: Seconds since the sweep started.
  package mutating func note(_ event: SweepEvent, cost: Double, at elapsed: Double) {
    self.elapsed = max(self.elapsed, elapsed)
    latest = event
    switch event {
    case .started(let key):
      let run = Running(key: key, cost: cost, start: elapsed)
      if let idle = workers.firstIndex(of: nil) {
        workers[idle] = run
      } else {
        workers.append(run)
      }
      waitingCost = max(0, waitingCost - cost)
    case .abandoned(let key):
      _ = end(key)
    case .finished(let result):
      doneCount += 1
      if result.measurement == nil { failedCount += 1 }
      // A run that fails early says nothing about how long runs take.
      guard let run = end(result.key), result.measurement != nil else { return }
      doneCost += run.cost
      doneSeconds += max(0, elapsed - run.start)
    }
  }

  private mutating func end(_ key: RunKey) -> Running? {
    guard let worker = workers.firstIndex(where: { $0?.key == key }) else { return nil }
    defer { workers[worker] = nil }
    return workers[worker]
  }

  /// Whether no run has completed, so that times are expected by the estimates alone.
  package var isEstimated: Bool { doneCost <= 0 || doneSeconds <= 0 }

  /// The expected duration of a run of some cost, in seconds, by the completed runs or, before one
  /// has completed, by the estimates; `nil` if there is neither.
  package func expectedSeconds(ofCost cost: Double) -> Double? {
    guard isEstimated else { return cost * (doneSeconds / doneCost) }
    return secondsPerCost.map { cost * $0 }
  }

  /// The seconds per unit of cost.
  ///
  /// A run in progress that takes longer than estimated shows that the machine is slower.
  private func rate(at elapsed: Double) -> Double? {
    guard let expected = expectedSeconds(ofCost: 1) else { return nil }
    guard isEstimated else { return expected }
    return workers.compactMap { $0 }.filter { $0.cost > 0 }
      .reduce(expected) { max($0, (elapsed - $1.start) / $1.cost) }
  }

  /// The expected seconds until the last run ends; `nil` if nothing is known about their duration.
  ///
  /// It is the remaining cost times the seconds that a unit of cost has taken so far, divided among
  /// the workers. The time already spent on runs in progress is subtracted. A run cannot be
  /// divided, so the longest remaining time of a run in progress is a lower bound.
  ///
  /// - Parameter elapsed: Seconds since the sweep started, at least those of the last event.
  package func remainingSeconds(at elapsed: Double) -> Double? {
    if doneCount == total { return 0 }
    guard let secondsPerCost = rate(at: elapsed), !workers.isEmpty else { return nil }
    let underWay = workers.compactMap { $0 }.map {
      max(0, $0.cost * secondsPerCost - max(0, elapsed - $0.start))
    }
    let work = waitingCost * secondsPerCost + underWay.reduce(0, +)
    return max(work / Double(workers.count), underWay.max() ?? 0)
  }
}
