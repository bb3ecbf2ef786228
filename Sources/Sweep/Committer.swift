import Dispatch
import Records
import Synchronization

/// The one place where events of all workers come together: a serial queue that keeps the progress
/// and the results, and tells the observer.
final class Committer: Sendable {
  private struct State {
    var progress: SweepProgress
    /// One place per cell, in plan order.
    var results: [CellResult?]
  }

  private let costs: [Double]
  private let observe: @Sendable (SweepEvent, SweepProgress) -> Void
  private let queue = DispatchQueue(label: "tlbench.sweep.committer")
  /// Only touched on the queue; the lock, never contended, is what proves it to the compiler.
  private let state: Mutex<State>

  init(
    cellCount: Int, costs: [Double],
    observe: @escaping @Sendable (SweepEvent, SweepProgress) -> Void
  ) {
    self.costs = costs
    self.observe = observe
    state = Mutex(
      State(
        progress: SweepProgress(costs: costs),
        results: [CellResult?](repeating: nil, count: cellCount)))
  }

  /// Hands an event over and returns at once.
  func commit(_ event: SweepEvent, cell: Int, at elapsed: Double) {
    queue.async { [self] in
      let progress = state.withLock { state in
        if case .finished(let result) = event { state.results[cell] = result }
        state.progress.note(event, cost: costs[cell], at: elapsed)
        return state.progress
      }
      // Outside the lock: what an observer does is not ours to know.
      observe(event, progress)
    }
  }

  /// Waits until the observer has seen everything, and returns what has ended, in plan order.
  func finish() -> [CellResult] {
    queue.sync { state.withLock { $0.results.compactMap { $0 } } }
  }
}
