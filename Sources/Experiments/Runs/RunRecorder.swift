import Records
import Results
import Sweep
import Synchronization
import Transfer

/// Writes every run that has ended to the journal of a sweep, before the run is reported.
final class RunRecorder: Sendable {
  private let plan: SweepPlan
  private let journal: ResultsJournal
  private let watch = Stopwatch()
  /// The elapsed time of earlier sessions of the sweep, in seconds.
  private let earlierSeconds: Double
  private let firstFailure = Mutex<Failure?>(nil)
  private let recordedCount = Atomic(0)

  init(_ journal: ResultsJournal, plan: SweepPlan) {
    self.plan = plan
    self.journal = journal
    earlierSeconds = journal.elapsed
  }

  /// How many runs this process has recorded.
  var newCount: Int { recordedCount.load(ordering: .relaxed) }

  /// Why a run could not be recorded, if so; the sweep has to stop then.
  var failure: Failure? { firstFailure.withLock { $0 } }

  /// The elapsed time of the sweep in seconds, earlier sessions included.
  var elapsed: Double { earlierSeconds + watch.wallSeconds }

  /// Records a run if the event is its end; returns `false` once recording has failed.
  func record(_ event: SweepEvent) -> Bool {
    guard failure == nil else { return false }
    guard case .finished(let result) = event, let cell = plan.place(of: result.key) else {
      return true
    }
    do {
      try journal.append(JournalEntry(cell: cell, outcome: result.outcome, elapsed: elapsed))
      recordedCount.add(1, ordering: .relaxed)
      return true
    } catch {
      firstFailure.withLock {
        $0 =
          error as? Failure
          ?? Failure(.inputOutput, JournalFile.attempt, on: journal.path, because: "\(error)")
      }
      return false
    }
  }
}
