import Records
import Results
import Sweep
import Synchronization
import Transfer

/// Writes every finished cell to the journal of a sweep before anyone is told of it.
final class CellKeeper: Sendable {
  private let plan: SweepPlan
  private let journal: ResultsJournal
  private let watch = Stopwatch()
  /// What earlier runs of the sweep took, in seconds.
  private let earlierSeconds: Double
  private let firstFailure = Mutex<Failure?>(nil)
  private let keptCount = Atomic(0)

  init(_ journal: ResultsJournal, plan: SweepPlan) {
    self.plan = plan
    self.journal = journal
    earlierSeconds = journal.elapsed
  }

  /// How many cells have been kept by this process.
  var newCount: Int { keptCount.load(ordering: .relaxed) }

  /// Why a cell could not be kept, after which the sweep is to stop.
  var failure: Failure? { firstFailure.withLock { $0 } }

  /// Seconds that the sweep has taken, all its runs together.
  var elapsed: Double { earlierSeconds + watch.wallSeconds }

  /// Keeps the cell of an event, where it is the end of one; `false` once that is impossible.
  func keep(_ event: SweepEvent) -> Bool {
    guard failure == nil else { return false }
    guard case .finished(let result) = event, let cell = plan.place(of: result.key) else {
      return true
    }
    do {
      try journal.append(JournalEntry(cell: cell, outcome: result.outcome, elapsed: elapsed))
      keptCount.add(1, ordering: .relaxed)
      return true
    } catch {
      firstFailure.withLock {
        $0 =
          error as? Failure
          ?? Failure(.inputOutput, "cannot keep the journal", on: journal.path, because: "\(error)")
      }
      return false
    }
  }
}
