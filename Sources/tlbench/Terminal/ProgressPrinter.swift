// Dispatch sources may be used from any thread, but are not marked Sendable.
@preconcurrency import Dispatch
import Foundation
import Records
import Reports
import Sweep
import Synchronization

/// Shows a sweep's progress and notes on standard error.
///
/// On a terminal there is a live line for each worker with the totals below, and the runs that have
/// ended scroll past above; otherwise there are lines with the time, for runs that have ended.
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
    /// The progress at the last run that ended, if no plain line has told it yet.
    var untold: SweepProgress?
    var lastLine: ContinuousClock.Instant?
    var features: FeaturePass?
  }

  /// Examples that are passing through frozen layers.
  private struct FeaturePass {
    let count, total: Int
    let start: ContinuousClock.Instant
  }

  /// The shortest time between two frames; faster changes would not be seen.
  private static let shortestFrame = Duration.milliseconds(50)
  /// The time after which a pass through frozen layers is shown.
  private static let noticeablePass = Duration.seconds(2)
  /// The time between two plain lines if no run ends, but a pass through frozen layers goes on.
  private static let longestSilence = Duration.seconds(10)

  private let style: Style
  /// The shortest time between two plain lines.
  private let period: Duration
  private let start = ContinuousClock.now
  private let state = Mutex(State())
  private let timer: (any DispatchSourceTimer)?

  /// - Parameter seconds: the shortest time between two plain lines; 0 for a line for every run.
  init(_ style: Style, every seconds: Double = 1) {
    self.style = style
    period = .seconds(seconds)
    guard style != .quiet else {
      timer = nil
      return
    }
    let timer = DispatchSource.makeTimerSource(queue: .global())
    self.timer = timer
    timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
    timer.setEventHandler { [weak self] in self?.state.withLock { self?.update(&$0) } }
    timer.resume()
  }

  private func update(_ state: inout State) {
    switch style {
    case .quiet: break
    case .live: draw(&state)
    case .plain:
      tell(&state)
      tellFeatures(&state)
    }
  }

  /// Prints a note that stays on the screen.
  func note(_ text: String) {
    switch style {
    case .quiet: break
    case .plain: Console.note(text)
    case .live:
      state.withLock { state in
        state.passing += Console.fitted(text).split(separator: "\n").map(String.init)
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
      state.withLock { state in
        state.progress = progress
        // Now the next run of the worker is known to have started.
        tell(&state)
        if case .started = event { return }
        // A failure is worth more than what succeeded within the same second.
        if state.untold?.latest?.isFailure != true || event.isFailure { state.untold = progress }
      }
    case .live:
      state.withLock { state in
        state.progress = progress
        if case .started = event {
        } else {
          state.passing += passingLine(event, progress).split(separator: "\n").map(String.init)
        }
        if state.lastFrame.map({ ContinuousClock.now - $0 >= Self.shortestFrame }) ?? true {
          draw(&state)
        }
      }
    }
  }

  /// Shows how many examples of a large set have passed through frozen layers.
  func showFeatures(_ count: Int, of total: Int) {
    guard style != .quiet else { return }
    state.withLock { state in
      // Passes of several workers are shown in turn.
      let start = state.features?.start ?? .now
      state.features =
        count < total ? FeaturePass(count: count, total: total, start: start) : nil
    }
  }

  /// Removes the live lines, or tells what no plain line has told yet.
  func finish() {
    timer?.cancel()
    state.withLock { state in
      if style == .plain { tell(&state, atOnce: true) }
      state.progress = nil
      state.features = nil
      draw(&state)
    }
  }

  /// Prints a plain line if a run has ended since the last one and the time for a line has come.
  private func tell(_ state: inout State, atOnce: Bool = false) {
    guard let untold = state.untold else { return }
    let isDue = state.lastLine.map { ContinuousClock.now - $0 >= period } ?? true
    guard isDue || atOnce else { return }
    let line = untold.line(running: state.progress?.runningCount)
    Console.note("\(Self.timestamp) \(line)")
    state.untold = nil
    state.lastLine = .now
  }

  private func tellFeatures(_ state: inout State) {
    let last = state.lastLine ?? start
    guard let note = featureNote(state), ContinuousClock.now - last >= Self.longestSilence else {
      return
    }
    let counter = state.progress.map { "\($0.counter) " } ?? ""
    Console.note("\(Self.timestamp) \(counter)\(note)")
    state.lastLine = .now
  }

  /// `features of 1,200 of 5,000 examples`; `nil` if no pass takes noticeable time.
  private func featureNote(_ state: State) -> String? {
    guard let pass = state.features, ContinuousClock.now - pass.start >= Self.noticeablePass else {
      return nil
    }
    return "features of \(NumberText.count(pass.count)) of \(NumberText.count(pass.total)) examples"
  }

  private func passingLine(_ event: SweepEvent, _ progress: SweepProgress) -> String {
    let line = Console.fitted("\(progress.counter) \(event.summary)")
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
    let lines =
      state.progress?.liveLines(at: elapsed, width: width - 1, note: featureNote(state) ?? "")
      ?? []
    Console.write(state.block.frame(passing: state.passing, lines: lines, width: width))
    state.passing = []
    state.lastFrame = .now
  }

  /// The current date and time in the local time zone.
  static var timestamp: String {
    Date().formatted(
      Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .current)
        .year().month().day().time(includingFractionalSeconds: false))
  }
}

extension SweepEvent {
  fileprivate var isFailure: Bool {
    if case .finished(let result) = self { result.measurement == nil } else { false }
  }
}
