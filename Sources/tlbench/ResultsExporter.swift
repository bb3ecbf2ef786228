// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Records
import Results
import Synchronization

/// Writes the results file from the journal of a sweep: now and then while the sweep runs, on a
/// queue of its own, and when it is told to.
final class ResultsExporter: Sendable {
  private struct State {
    /// Cells of this process that the file has.
    var exportedCount = 0
    /// What the last export took.
    var seconds = 0.0
    var next: ContinuousClock.Instant
    /// Whether somebody was told that it does not work.
    var hasWarned = false
  }

  private let output: String
  private let interval: Duration
  private let keeper: CellKeeper
  /// The results as they are now.
  private let results: @Sendable () throws -> SweepResults
  private let announce: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "tlbench.sweep.export", qos: .utility)
  private let timer: any DispatchSourceTimer
  private let state: Mutex<State>

  /// - Parameters:
  ///   - seconds: between the starts of two exports, longer where one takes more than a twentieth
  ///     of it; 0 for none before the end.
  ///   - announce: told once where an export does not succeed, which is no reason to stop: the
  ///     cells are in the journal.
  init(
    to output: String, every seconds: Double, keeper: CellKeeper,
    results: @escaping @Sendable () throws -> SweepResults,
    announce: @escaping @Sendable (String) -> Void
  ) {
    self.output = output
    interval = .seconds(seconds)
    self.keeper = keeper
    self.results = results
    self.announce = announce
    state = Mutex(State(next: .now + interval))
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + seconds, repeating: max(0.01, seconds))
    timer.setEventHandler { [weak self] in self?.exportWhereDue() }
    // A source has to be resumed before it may go away.
    timer.resume()
    if seconds == 0 { timer.cancel() }
  }

  deinit { timer.cancel() }

  private func exportWhereDue() {
    state.withLock { state in
      let count = keeper.newCount
      guard count > state.exportedCount, .now >= state.next else { return }
      let start = ContinuousClock.now
      do {
        try ResultsFile.write(results(), to: output)
        state.exportedCount = count
      } catch {
        if !state.hasWarned {
          announce("\(error)\nThe sweep goes on; its cells are in the journal.")
        }
        state.hasWarned = true
      }
      // A large sweep must not spend its time on writing what it has.
      let pause = max(interval, (ContinuousClock.now - start) * 20)
      // The timer is not exact; a tick that comes a little early must count.
      state.next = start + pause - .milliseconds(5)
    }
  }

  /// Ends the exports now and then, waiting for one that is under way.
  func stop() {
    timer.cancel()
    queue.sync {}
  }
}
