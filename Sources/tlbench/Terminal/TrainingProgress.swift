import Foundation
import Records
import Reports
import Sweep
import Synchronization

/// Shows the progress of a single training on standard error: a line with a bar that is redrawn on
/// a terminal, and otherwise at most one line a second and a final one.
///
/// A signal that asks the program to stop ends it at once, without a line that is left behind: an
/// unfinished training has nothing to save.
final class TrainingProgress: Sendable {
  private struct State {
    var block = LiveBlock()
    var epochs = 0
    var lastLine: ContinuousClock.Instant?
    /// What no line has told yet.
    var untold: String?
    var isEnded = false
  }

  private static let frame = Duration.milliseconds(100)
  private static let period = Duration.seconds(1)

  private let style: ProgressPrinter.Style
  private let title: String
  /// The number of epochs, unless the training stops early.
  private let total: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// - Parameters:
  ///   - title: what is trained.
  ///   - total: the number of epochs; 0 if there are none.
  init(_ style: ProgressPrinter.Style, title: String, total: Int) {
    self.style = style
    self.title = title
    self.total = total
    StopSignals.listen { [weak self] in self?.end(by: $0) }
  }

  /// Ends the program.
  private func end(by number: Int32) {
    let epochs = state.withLock { $0.epochs }
    finish()
    let when = epochs == 0 ? "before an epoch has ended" : "after \(epochs) of \(total) epochs"
    Console.error("the training of \(title) was interrupted: \(when)\n  Nothing of it is saved.")
    // Not an orderly exit: that would tear down libraries that other threads are still using.
    _exit(128 + number)
  }

  /// Shows that an epoch has ended.
  func show(_ epoch: EpochRecord) {
    state.withLock { state in
      state.epochs += 1
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let rest = seconds / Double(state.epochs) * Double(max(0, total - state.epochs))
      let text = [
        String(format: "loss %.3g", epoch.loss),
        "accuracy \(NumberText.percent(epoch.accuracy)) %", "elapsed \(clockTime(seconds))",
        state.epochs < total ? "ETA \(clockTime(rest))" : "",
      ].filter { !$0.isEmpty }.joined(separator: ", ")
      let count = "epoch \(state.epochs)/\(total)"
      let share = total > 0 ? Double(state.epochs) / Double(total) : 0
      show(count, share: share, text, isLast: state.epochs == total, in: &state)
    }
  }

  /// Shows how many examples have passed through frozen layers.
  func showFeatures(_ count: Int, of total: Int) {
    state.withLock { state in
      let text = "elapsed \(clockTime((ContinuousClock.now - start) / .seconds(1)))"
      show(
        "features of \(NumberText.count(count))/\(NumberText.count(total)) examples",
        share: Double(count) / Double(max(1, total)), text, isLast: false, in: &state)
    }
  }

  /// Removes the live line, or tells what no line has told yet; from now on signals have their
  /// usual effect.
  func finish() {
    StopSignals.release()
    state.withLock { state in
      state.isEnded = true
      switch style {
      case .quiet: break
      case .live: Console.write(state.block.frame(lines: [], width: Console.width))
      case .plain:
        if let untold = state.untold { Console.note(untold) }
        state.untold = nil
      }
    }
  }

  private func show(
    _ count: String, share: Double, _ text: String, isLast: Bool, in state: inout State
  ) {
    guard style != .quiet, !state.isEnded else { return }
    let interval = style == .live ? Self.frame : Self.period
    let isDue = state.lastLine.map { ContinuousClock.now - $0 >= interval } ?? true
    if style == .plain {
      state.untold = "\(ProgressPrinter.timestamp) \(title): \(count), \(text)"
    }
    guard isDue || isLast else { return }
    state.lastLine = .now
    if style == .plain {
      Console.note(state.untold ?? "")
      state.untold = nil
    } else {
      let width = Console.width - 1
      let bar = ProgressBar.text(share, columns: min(24, width - count.count - text.count - 2))
      let line = [count, bar, text].filter { !$0.isEmpty }.joined(separator: " ")
      Console.write(state.block.frame(lines: [String(line.prefix(width))], width: width + 1))
    }
  }
}
