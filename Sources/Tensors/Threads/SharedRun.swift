import Foundation
import Synchronization

/// One run of a program that several threads share.
///
/// In every stage, a thread first takes the part that has its own number, so that it finds what it
/// computed in the stage before in its own cache, and then the parts that no thread has taken.
/// Before it begins a part, it waits for the parts of earlier stages, which threads are at work on,
/// so it never waits for a thread that the system has not started.
///
/// It is Sendable although the compiler cannot see it: what changes is atomic or has a mutex, and
/// the functions of the stages, which nothing says to be Sendable, keep the contract of ``Stage``:
/// threads may call them at the same time with different units and different numbers. Every part is
/// taken once, and its stage begins when `done`, which is released after each part and acquired
/// before the next stage, counts all parts of the stages before it. The division is not changed
/// before the run has ended.
final class SharedRun: @unchecked Sendable {
  private let stages: [Stage]
  private let division: StagedProgram.Division
  /// The number of the run among those of the division.
  private let number: Int
  /// The numbers of parts that are done, and of threads other than the first.
  private let done = Atomic<Int>(0)
  private let joined = Atomic<Int>(0)
  private let helpers: Int
  /// Where threads sleep until a stage is done.
  private let stageDone = NSCondition()
  private let failure = Mutex<(any Error)?>(nil)

  init(_ stages: [Stage], _ division: StagedProgram.Division, helpers: Int) {
    self.stages = stages
    self.division = division
    self.helpers = helpers
    number = division.runs
  }

  /// The number of a thread that helps, from 1; `nil` if there are enough.
  func join() -> Int? {
    let number = joined.add(1, ordering: .relaxed).newValue
    return number <= helpers ? number : nil
  }

  /// Computes parts until none is left.
  func work(as thread: Int) {
    for stage in stages.indices {
      let (first, count) = (division.starts[stage], division.parts(of: stage))
      for turn in 0..<count {
        let part = first + (thread + turn) % count
        guard division.claims.take(part, in: number) else { continue }
        wait(untilDone: first)
        compute(part, of: stage, as: thread)
        let done = done.add(1, ordering: .acquiringAndReleasing).newValue
        if done == first + count { wakeAll() }
      }
    }
  }

  /// Waits until all parts are done, which threads have begun.
  func finish() throws {
    wait(untilDone: division.count)
    if let error = failure.withLock({ $0 }) { throw error }
  }

  private func compute(_ part: Int, of stage: Int, as thread: Int) {
    let units = division.units(of: part, of: stage, units: stages[stage].units)
    do {
      try stages[stage].body(units, thread)
    } catch {
      failure.withLock { $0 = $0 ?? error }
    }
  }

  private func wait(untilDone count: Int) {
    if Patience.awaits({ done.load(ordering: .acquiring) >= count }) { return }
    stageDone.withLock {
      while done.load(ordering: .acquiring) < count { stageDone.wait() }
    }
  }

  /// Wakes all threads, which may wait for different stages; with the lock, so that none looks
  /// before the stage is done and falls asleep after this.
  private func wakeAll() {
    stageDone.withLock { stageDone.broadcast() }
  }
}
