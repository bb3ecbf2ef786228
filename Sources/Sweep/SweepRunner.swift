import Dispatch
package import Records
import Synchronization

/// Performs the runs of a sweep concurrently.
///
/// It is independent of networks and files: a closure performs a run, and the observer handles the
/// result.
package struct SweepRunner: Sendable {
  private let runs: [RunKey]
  private let jobs: Int
  private let tasksInMemory: Int
  private let costs: [Double]
  private let restored: Int
  private let secondsPerCost: Double?
  private let measure: @Sendable (RunKey) throws -> Measurement
  private let observe: @Sendable (SweepEvent, SweepProgress) -> Void
  private let isCancelled: @Sendable () -> Bool
  private let workerEnded: @Sendable () -> Void
  private let elapsed: @Sendable () -> Double

  /// - Parameters:
  ///   - runs: The keys of the runs, each only once.
  ///   - jobs: How many runs to perform at the same time, at least 1. The system may perform fewer,
  ///     at most one per processor core.
  ///   - tasksInMemory: How many tasks memory holds at the same time (default: any number).
  ///   - cost: The expected duration of a run, in any unit, which decides the ``RunOrder``. Values
  ///     below zero and values that are not finite count as zero.
  ///   - restored: How many runs had been completed before, for the progress (default: none).
  ///   - secondsPerCost: The expected seconds per unit of `cost`, for the progress before a run has
  ///     completed (default: not known).
  ///   - measure: Performs a run, on any of several threads. An error that it throws fails only
  ///     this run; `CancellationError` and a ``Failure`` of kind `interrupted` or `terminated` mean
  ///     that the run was stopped, as if it had not been started.
  ///   - observe: Called with every event, one at a time and in order of time, with the progress
  ///     after it, always from the same serial queue. Workers wait for it only if it falls far
  ///     behind; `run()` waits for it at the end. The runner keeps no results.
  ///   - isCancelled: Checked before each run. Once it returns `true`, no further run is started;
  ///     runs in progress continue unless `measure` stops them.
  ///   - workerEnded: Called by each worker, on its thread, when no run is left for it to start.
  ///   - elapsed: Seconds on a clock that never runs backwards (default: the time since this call).
  package init(
    runs: [RunKey], jobs: Int, tasksInMemory: Int = .max, cost: (RunKey) -> Double,
    restored: Int = 0, secondsPerCost: Double? = nil,
    measure: @escaping @Sendable (RunKey) throws -> Measurement,
    observe: @escaping @Sendable (SweepEvent, SweepProgress) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    workerEnded: @escaping @Sendable () -> Void = {},
    elapsed: (@Sendable () -> Double)? = nil
  ) {
    // The command line rejects values below 1.
    precondition(jobs >= 1)
    self.runs = runs
    self.jobs = jobs
    self.tasksInMemory = tasksInMemory
    costs = runs.map { key in
      let cost = cost(key)
      return cost.isFinite ? max(0, cost) : 0
    }
    self.restored = restored
    self.secondsPerCost = secondsPerCost
    self.measure = measure
    self.observe = observe
    self.isCancelled = isCancelled
    self.workerEnded = workerEnded
    let start = ContinuousClock.now
    self.elapsed = elapsed ?? { (ContinuousClock.now - start) / .seconds(1) }
  }

  /// Blocks until every run has ended or the sweep is cancelled.
  package func run() {
    let queue = RunQueue(
      RunOrder(runs, costs: costs).indices(jobs: jobs, tasksInMemory: tasksInMemory))
    let events = EventQueue(
      costs: costs,
      progress: SweepProgress(costs: costs, restored: restored, secondsPerCost: secondsPerCost),
      observe: observe)
    // Every iteration is a worker that takes runs until none is left. No worker waits for another,
    // so it does not matter how many threads the iterations get.
    DispatchQueue.concurrentPerform(iterations: min(jobs, runs.count)) { _ in
      while !isCancelled(), let index = queue.next() {
        let key = runs[index]
        events.commit(.started(key), run: index, at: elapsed())
        let event = outcome(of: key)
        events.commit(event, run: index, at: elapsed())
      }
      workerEnded()
    }
    events.finish()
  }

  private func outcome(of key: RunKey) -> SweepEvent {
    do {
      return .finished(RunResult(key: key, outcome: .completed(try measure(key))))
    } catch is CancellationError {
      return .abandoned(key)
    } catch let failure as Failure where [.interrupted, .terminated].contains(failure.kind) {
      return .abandoned(key)
    } catch {
      return .finished(RunResult(key: key, outcome: .failed(reason: "\(error)")))
    }
  }
}

/// A queue of the runs that have not been started.
private final class RunQueue: Sendable {
  /// The indices of waiting runs; the next one is the last element.
  private let waiting: Mutex<[Int]>

  /// - Parameter order: The indices of the runs, that of the first to start first.
  init(_ order: [Int]) { waiting = Mutex(order.reversed()) }

  func next() -> Int? { waiting.withLock { $0.popLast() } }
}
