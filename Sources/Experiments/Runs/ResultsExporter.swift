// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Records
import Results
import Synchronization

/// Writes the results file from the journal of a sweep periodically while the sweep runs, on its
/// own queue.
final class ResultsExporter: Sendable {
  private struct State {
    /// How many runs of this process are in the file.
    var exportedCount = 0
    var next: ContinuousClock.Instant
    /// Whether a failed export has been announced.
    var hasWarned = false
  }

  private let output: String
  private let interval: Duration
  private let recorder: RunRecorder
  /// Returns the current results.
  private let results: @Sendable () throws -> SweepResults
  private let observer: any SweepObserver
  private let queue = DispatchQueue(label: "tlbench.sweep.export", qos: .utility)
  private let timer: any DispatchSourceTimer
  private let state: Mutex<State>

  /// - Parameters:
  ///   - seconds: time between the starts of two exports, extended if an export takes more than a
  ///     twentieth of it; 0 for no export before the end.
  ///   - observer: receives what was exported, and one message if exports fail, which does not stop
  ///     the sweep: the runs are in the journal.
  init(
    to output: String, every seconds: Double, recorder: RunRecorder,
    results: @escaping @Sendable () throws -> SweepResults, observer: any SweepObserver
  ) {
    self.output = output
    interval = .seconds(seconds)
    self.recorder = recorder
    self.results = results
    self.observer = observer
    state = Mutex(State(next: .now + interval))
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + seconds, repeating: max(0.01, seconds))
    timer.setEventHandler { [weak self] in self?.exportWhereDue() }
    // A source must be resumed before it may be released.
    timer.resume()
    if seconds == 0 { timer.cancel() }
  }

  deinit { timer.cancel() }

  private func exportWhereDue() {
    state.withLock { state in
      let count = recorder.newCount
      guard count > state.exportedCount, .now >= state.next else { return }
      let start = ContinuousClock.now
      do {
        let results = try results()
        try ResultsFile.write(results, to: output)
        state.exportedCount = count
        observer.exported(results)
      } catch {
        if !state.hasWarned {
          observer.note("\(error)\nThe sweep continues; its runs are in the journal.")
        }
        state.hasWarned = true
      }
      // A large sweep must not spend its time on exports.
      let pause = max(interval, (ContinuousClock.now - start) * 20)
      // The timer is not exact; a tick that fires slightly early must count.
      state.next = start + pause - .milliseconds(5)
    }
  }

  /// Stops the periodic exports, and waits for one that is in progress.
  func stop() {
    timer.cancel()
    queue.sync {}
  }
}
