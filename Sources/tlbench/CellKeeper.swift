import Records
import Results
import Sweep
import Synchronization
import Transfer

/// Writes every finished cell to the journal of a sweep before anyone is told of it.
final class CellKeeper: Sendable {
  private struct State {
    var cells: [CellKey: CellResult]
    var failure: Failure?
  }

  private let journal: ResultsJournal
  private let watch = Stopwatch()
  /// What earlier runs of the sweep took, in seconds.
  private let earlierSeconds: Double
  private let state: Mutex<State>

  /// Takes what the journal holds of a plan; cells that failed are to be run again.
  init(_ journal: ResultsJournal, plan: SweepPlan) {
    self.journal = journal
    earlierSeconds = journal.recovered.last?.elapsed ?? 0
    let completed = journal.recovered.map(\.result).filter { $0.measurement != nil }
    let cells = Dictionary(completed.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    let keys = Set(plan.cellKeys)
    state = Mutex(State(cells: cells.filter { keys.contains($0.key) }))
  }

  /// The cells that are in the journal, in no order.
  var cells: [CellResult] { state.withLock { Array($0.cells.values) } }

  func has(_ key: CellKey) -> Bool { state.withLock { $0.cells[key] != nil } }

  /// Why a cell could not be kept, after which the sweep is to stop.
  var failure: Failure? { state.withLock { $0.failure } }

  /// Seconds that the sweep has taken, all its runs together.
  var elapsed: Double { earlierSeconds + watch.wallSeconds }

  /// Keeps the cell of an event, where it is the end of one; `false` once that is impossible.
  func keep(_ event: SweepEvent) -> Bool {
    guard case .finished(let result) = event else { return failure == nil }
    let entry = JournalEntry(result: result, elapsed: elapsed)
    return state.withLock { state in
      guard state.failure == nil else { return false }
      do {
        try journal.append(entry)
        state.cells[result.key] = result
      } catch {
        state.failure =
          error as? Failure
          ?? Failure(.inputOutput, "cannot keep the journal", on: journal.path, because: "\(error)")
      }
      return state.failure == nil
    }
  }

  /// Removes the journal, once the results are complete elsewhere.
  func discardJournal() throws { try journal.remove() }
}
