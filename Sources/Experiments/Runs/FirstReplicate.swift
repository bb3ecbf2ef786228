import Records
import Sweep
import Synchronization

/// Recognizes the end of replicate 0 in a sweep of several replicates.
///
/// Its runs come first (``RunOrder``), so that their table can be shown long before the end.
final class FirstReplicate: Sendable {
  /// How many runs of replicate 0 have not ended.
  private let missing: Atomic<Int>

  /// - Parameter waiting: the runs that have not ended.
  init(waiting: [RunKey]) { missing = Atomic(waiting.count { $0.replicate == 0 }) }

  /// Whether an event is the end of the last run of replicate 0, while runs of other replicates
  /// have not ended.
  func ends(with event: SweepEvent, _ progress: SweepProgress) -> Bool {
    guard case .finished(let result) = event, result.key.replicate == 0 else { return false }
    let isLast = missing.subtract(1, ordering: .relaxed).newValue == 0
    return isLast && progress.doneCount < progress.total
  }
}
