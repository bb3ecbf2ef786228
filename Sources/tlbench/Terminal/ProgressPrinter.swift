// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Foundation
import Records
import Sweep
import Synchronization

/// Shows a sweep's progress and notes on standard error.
///
/// On a terminal there is a live line for each worker with the totals below, and the runs that have
/// ended scroll past above; otherwise there is a line with the time for each run that has ended.
final class ProgressPrinter: Sendable {
  enum Style: Sendable {
    case live, plain, quiet
  }

  private struct State {
    var block = LiveBlock()
    var progress: SweepProgress?
    /// Lines to print above the live lines.
    var passing: [String] = []
    var lastFrame: ContinuousClock.Instant?
  }

  /// The shortest time between two frames; faster changes would not be seen.
  private static let shortestFrame = Duration.milliseconds(50)

  private let style: Style
  private let start = ContinuousClock.now
  private let state = Mutex(State())
  private let timer: (any DispatchSourceTimer)?

  init(_ style: Style) {
    self.style = style
    guard style == .live else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    self.timer = timer
    timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
    timer.setEventHandler { [weak self] in self?.state.withLock { self?.draw(&$0) } }
    timer.resume()
  }

  /// Prints a note that stays on the screen.
  func note(_ text: String) {
    switch style {
    case .quiet: break
    case .plain: Console.note(text)
    case .live:
      state.withLock { state in
        state.passing += OptionNames.applied(to: text).split(separator: "\n").map(String.init)
        draw(&state)
      }
    }
  }

  /// Prints a table that stays on the screen, with an empty line above and below; only on a
  /// terminal.
  func show(table: String) {
    guard style == .live else { return }
    let lines = Console.printable(table).split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0) }
    state.withLock { state in
      state.passing.append("")
      state.passing += lines
      draw(&state)
    }
  }

  func show(_ event: SweepEvent, _ progress: SweepProgress) {
    switch style {
    case .quiet: break
    case .plain:
      // A log lists what has ended; the counts include the runs under way.
      if case .started = event { return }
      Console.note("\(Self.timestamp) \(progress.line())")
    case .live:
      state.withLock { state in
        state.progress = progress
        if case .started = event {} else { state.passing.append(passingLine(event, progress)) }
        if state.lastFrame.map({ ContinuousClock.now - $0 >= Self.shortestFrame }) ?? true {
          draw(&state)
        }
      }
    }
  }

  /// Removes the live lines.
  func finish() {
    timer?.cancel()
    state.withLock { state in
      state.progress = nil
      draw(&state)
    }
  }

  private func passingLine(_ event: SweepEvent, _ progress: SweepProgress) -> String {
    let line = OptionNames.applied(to: "\(progress.counter) \(event.summary)")
    guard Console.hasColor, case .finished(let result) = event, result.measurement == nil else {
      return line
    }
    return "\u{1B}[31m\(line)\u{1B}[0m"
  }

  private func draw(_ state: inout State) {
    guard style == .live else { return }
    let width = Console.width
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    // The last column stays free: a full line would wrap on some terminals.
    let lines = state.progress?.liveLines(at: elapsed, width: width - 1) ?? []
    Console.write(state.block.frame(passing: state.passing, lines: lines, width: width))
    state.passing = []
    state.lastFrame = .now
  }

  /// The current date and time in the local time zone.
  private static var timestamp: String {
    Date().formatted(
      Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current)
        .year().month().day().time(includingFractionalSeconds: false))
  }
}
