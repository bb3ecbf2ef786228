import Dispatch
package import Records
import Synchronization

/// Runs the cells of a sweep side by side.
///
/// It knows no network and no file: what a cell does is a closure, and what becomes of a result is
/// up to the observer.
package struct SweepRunner: Sendable {
  private let cells: [CellKey]
  private let jobs: Int
  private let costs: [Double]
  private let measure: @Sendable (CellKey) throws -> Measurement
  private let observe: @Sendable (SweepEvent, SweepProgress) -> Void
  private let isCancelled: @Sendable () -> Bool
  private let elapsed: @Sendable () -> Double

  /// - Parameters:
  ///   - cells: Distinct keys.
  ///   - jobs: How many cells to run at once, at least 1. The system may run fewer at once, not
  ///     more than it has processor cores.
  ///   - cost: How long a cell is expected to take, in any unit. The cells of a task run one
  ///     after another, the most expensive first, and so do the tasks by their most expensive cell;
  ///     among equals the order of `cells` decides.
  ///     Values below zero and not finite count as zero.
  ///   - measure: Runs a cell, on any of several threads. What it throws fails the cell and no
  ///     other; `CancellationError` and a ``Failure`` of kind `interrupted` or `terminated` say
  ///     that the cell was stopped, as if it had not been started.
  ///   - observe: Told of every event, one at a time and in order of time, with the progress after
  ///     it, always from the same serial queue. Workers wait for it only where it falls far behind;
  ///     `run()` does. What becomes of results is up to it: the runner keeps none.
  ///   - isCancelled: Asked before each cell. Once it says so no further cell is started; cells
  ///     under way go on unless `measure` stops them.
  ///   - elapsed: Seconds on a clock that never runs backwards; the time since this call when
  ///     `nil`.
  package init(
    cells: [CellKey], jobs: Int, cost: (CellKey) -> Double,
    measure: @escaping @Sendable (CellKey) throws -> Measurement,
    observe: @escaping @Sendable (SweepEvent, SweepProgress) -> Void = { _, _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    elapsed: (@Sendable () -> Double)? = nil
  ) {
    // Our own contract: the command line has refused anything below 1.
    precondition(jobs >= 1)
    self.cells = cells
    self.jobs = jobs
    costs = cells.map { key in
      let cost = cost(key)
      return cost.isFinite ? max(0, cost) : 0
    }
    self.measure = measure
    self.observe = observe
    self.isCancelled = isCancelled
    let start = ContinuousClock.now
    self.elapsed = elapsed ?? { (ContinuousClock.now - start) / .seconds(1) }
  }

  /// Runs until every cell has ended or the sweep is cancelled, and blocks meanwhile.
  package func run() {
    let queue = CellQueue(cells: cells, costs: costs)
    let committer = Committer(costs: costs, observe: observe)
    // Every iteration is a worker that pulls until nothing is left. None waits for another, so it
    // does not matter how many threads the iterations are given.
    DispatchQueue.concurrentPerform(iterations: min(jobs, cells.count)) { _ in
      while !isCancelled(), let index = queue.next() {
        let key = cells[index]
        committer.commit(.started(key), cell: index, at: elapsed())
        let event = outcome(of: key)
        committer.commit(event, cell: index, at: elapsed())
      }
    }
    committer.finish()
  }

  private func outcome(of key: CellKey) -> SweepEvent {
    do {
      return .finished(CellResult(key: key, outcome: .completed(try measure(key))))
    } catch is CancellationError {
      return .abandoned(key)
    } catch let failure as Failure where [.interrupted, .terminated].contains(failure.kind) {
      return .abandoned(key)
    } catch {
      return .finished(CellResult(key: key, outcome: .failed(reason: "\(error)")))
    }
  }
}

/// The indices of the cells that have not been started, task by task.
///
/// So a task and what its cells share are in memory for a while and not all the time. The task with
/// the most expensive cell comes first, and of a task the most expensive cell.
private final class CellQueue: Sendable {
  private struct TaskKey: Hashable {
    let similarity: Similarity
    let replicate: Int
  }

  /// The next cell is the last element.
  private let waiting: Mutex<[Int]>

  init(cells: [CellKey], costs: [Double]) {
    let tasks = Dictionary(grouping: cells.indices) { index in
      TaskKey(similarity: cells[index].similarity, replicate: cells[index].replicate)
    }.values.map { $0.sorted { (costs[$1], $0) < (costs[$0], $1) } }
    let ordered = tasks.sorted { left, right in
      (costs[right[0]], left[0]) < (costs[left[0]], right[0])
    }
    waiting = Mutex(ordered.flatMap(\.self).reversed())
  }

  func next() -> Int? { waiting.withLock { $0.popLast() } }
}
