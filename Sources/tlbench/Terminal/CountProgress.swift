import Reports
import Sweep
import Synchronization

/// Shows on standard error how many things of a known number are done: a line with a bar that is
/// redrawn on a terminal, and otherwise at most one line a second.
final class CountProgress: Sendable {
  private struct State {
    var block = LiveBlock()
    var lastLine: ContinuousClock.Instant?
    /// The largest count so far: threads may report in another order.
    var count = 0
  }

  private static let frame = Duration.milliseconds(100)
  private static let period = Duration.seconds(1)

  private let style: ProgressPrinter.Style
  private let noun: String
  private let total: Int
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  /// - Parameter noun: what is counted, in the plural.
  init(_ style: ProgressPrinter.Style, noun: String, total: Int) {
    self.style = style
    self.noun = noun
    self.total = total
  }

  /// Shows that as many are done.
  func show(_ count: Int) {
    guard style != .quiet else { return }
    state.withLock { state in
      guard count > state.count else { return }
      state.count = count
      let last = state.lastLine ?? start
      guard ContinuousClock.now - last >= (style == .live ? Self.frame : Self.period) else {
        return
      }
      state.lastLine = .now
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let rest = seconds / Double(count) * Double(total - count)
      let counter = "\(NumberText.count(count)) of \(NumberText.count(total)) \(noun)"
      let text = "elapsed \(clockTime(seconds)), ETA \(clockTime(rest))"
      guard style == .live else {
        Console.note("\(ProgressPrinter.timestamp) \(counter), \(text)")
        return
      }
      let width = Console.width - 1
      let columns = min(24, width - counter.count - text.count - 2)
      let bar = ProgressBar.text(Double(count) / Double(max(1, total)), columns: columns)
      let line = [counter, bar, text].filter { !$0.isEmpty }.joined(separator: " ")
      Console.write(state.block.frame(lines: [String(line.prefix(width))], width: width + 1))
    }
  }

  /// Prints a note above the live line.
  func note(_ text: String) {
    guard style == .live else {
      Console.note(text)
      return
    }
    let lines = Console.fitted(text).split(separator: "\n").map(String.init)
    state.withLock { state in
      Console.write(state.block.frame(passing: lines, lines: [], width: Console.width))
    }
  }

  /// Removes the live line.
  func finish() {
    guard style == .live else { return }
    state.withLock { Console.write($0.block.frame(lines: [], width: Console.width)) }
  }
}
