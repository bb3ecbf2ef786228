import Records
import Results
import Sweep
import Synchronization

/// Writes the event files of a sweep for TensorBoard, one for each completed run.
///
/// A file that cannot be written does not stop the sweep: the run is in the journal.
final class EventRecorder: Sendable {
  private let folder: EventFolder
  private let plan: SweepPlan
  private let observer: any SweepObserver
  /// Whether a failure has been announced.
  private let hasWarned = Mutex(false)

  /// Returns `nil` without a folder.
  init?(_ folder: EventFolder?, plan: SweepPlan, observer: any SweepObserver) {
    guard let folder else { return nil }
    self.folder = folder
    self.plan = plan
    self.observer = observer
  }

  /// Writes the files of runs that are in a journal; those that are there already are kept.
  func restore(_ journal: ResultsJournal) throws {
    for (place, outcome) in try journal.outcomes().enumerated() {
      if let outcome { write(RunResult(key: plan.key(at: place), outcome: outcome)) }
    }
  }

  /// Writes the file of a run if the event is its end.
  func record(_ event: SweepEvent) {
    if case .finished(let result) = event { write(result) }
  }

  private func write(_ result: RunResult) {
    guard let measurement = result.measurement else { return }
    do {
      try folder.write(
        RunEvents(result.key, architecture: plan.architecture, measurement: measurement))
    } catch {
      let isFirst = hasWarned.withLock { hasWarned in
        defer { hasWarned = true }
        return !hasWarned
      }
      if isFirst { observer.note("\(error)\nThe sweep continues; its runs are in the journal.") }
    }
  }
}
