import Dispatch
import Records
import Synchronization

/// A serial queue for the events of all workers, which updates the progress and calls the observer.
final class EventQueue: Sendable {
  /// How many events may wait; it bounds their memory if the observer is slower than the workers.
  private static let capacity = 64

  private let costs: [Double]
  private let observe: @Sendable (SweepEvent, SweepProgress) -> Void
  private let queue = DispatchQueue(label: "tlbench.sweep.events")
  private let vacancies = DispatchSemaphore(value: capacity)
  /// The progress, used on the queue only; the lock is never contended and satisfies the compiler.
  private let progress: Mutex<SweepProgress>

  /// - Parameters:
  ///   - costs: The estimated cost of each run, by its index.
  ///   - progress: The progress before the first event.
  init(
    costs: [Double], progress: SweepProgress,
    observe: @escaping @Sendable (SweepEvent, SweepProgress) -> Void
  ) {
    self.costs = costs
    self.observe = observe
    self.progress = Mutex(progress)
  }

  /// Enqueues an event and returns immediately, unless the queue is full.
  ///
  /// - Parameter run: The index of the event's run in `costs`.
  func commit(_ event: SweepEvent, run: Int, at elapsed: Double) {
    vacancies.wait()
    queue.async { [self] in
      let progress = progress.withLock { progress in
        progress.note(event, cost: costs[run], at: elapsed)
        return progress
      }
      // Outside the lock, since an observer may do anything.
      observe(event, progress)
      vacancies.signal()
    }
  }

  /// Waits until the observer has seen everything.
  func finish() { queue.sync {} }
}
