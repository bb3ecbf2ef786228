// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Foundation
import Records
import Sweep
import Synchronization

/// Shows a sweep's progress on standard error: one live line on a terminal, a line per finished
/// cell otherwise.
final class ProgressPrinter: Sendable {
  private let timer: (any DispatchSourceTimer)?
  private let latest = Mutex<SweepProgress?>(nil)
  private let start = ContinuousClock.now

  init() {
    guard Console.isTerminal else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource()
    self.timer = timer
    timer.schedule(deadline: .now() + 1, repeating: 1)
    timer.setEventHandler { [weak self] in self?.draw() }
    timer.resume()
  }

  func show(_ event: SweepEvent, _ progress: SweepProgress) {
    latest.withLock { $0 = progress }
    if Console.isTerminal {
      draw()
    } else if case .started = event {
      // A log says what is done; what is under way is in the counts.
    } else {
      Console.note(progress.line())
    }
  }

  func finish() {
    timer?.cancel()
    if Console.isTerminal { Console.live("") }
  }

  private func draw() {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    if let progress = latest.withLock({ $0 }) { Console.live(progress.line(at: elapsed)) }
  }
}
