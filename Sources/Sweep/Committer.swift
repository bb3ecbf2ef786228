import Dispatch
import Records
import Synchronization

/// The one place where events of all workers come together: a serial queue that keeps the progress
/// and tells the observer.
final class Committer: Sendable {
  /// How many events may wait, which bounds their memory where the observer is slower than the
  /// workers.
  private static let capacity = 64

  private let costs: [Double]
  private let observe: @Sendable (SweepEvent, SweepProgress) -> Void
  private let queue = DispatchQueue(label: "tlbench.sweep.committer")
  private let vacancies = DispatchSemaphore(value: capacity)
  /// Only touched on the queue; the lock, never contended, is what proves it to the compiler.
  private let progress: Mutex<SweepProgress>

  init(costs: [Double], observe: @escaping @Sendable (SweepEvent, SweepProgress) -> Void) {
    self.costs = costs
    self.observe = observe
    progress = Mutex(SweepProgress(costs: costs))
  }

  /// Hands an event over and returns, as a rule at once.
  func commit(_ event: SweepEvent, cell: Int, at elapsed: Double) {
    vacancies.wait()
    queue.async { [self] in
      let progress = progress.withLock { progress in
        progress.note(event, cost: costs[cell], at: elapsed)
        return progress
      }
      // Outside the lock: what an observer does is not ours to know.
      observe(event, progress)
      vacancies.signal()
    }
  }

  /// Waits until the observer has seen everything.
  func finish() { queue.sync {} }
}
