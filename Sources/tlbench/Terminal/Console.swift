import Foundation
import Records
import Reports

/// Writes progress, notes and errors to standard error.
///
/// Libraries name properties in backquotes in their errors and notes; here they become options.
enum Console {
  /// Whether standard error is a terminal on which the cursor can be moved.
  static let isTerminal =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether colours are welcome (no-color.org).
  static let hasColor =
    isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// The current number of columns of the terminal; 80 if it is unknown.
  static var width: Int { TerminalWidth.columns(of: STDERR_FILENO) ?? 80 }

  /// How progress is shown on standard error.
  static func progressStyle(isQuiet: Bool) -> ProgressPrinter.Style {
    isQuiet ? .quiet : isTerminal ? .live : .plain
  }

  /// Writes a line of progress, or a note.
  static func note(_ text: String) { write(fitted(text) + "\n") }

  /// Writes an error.
  static func error(_ text: String) { write(fitted("tlbench: \(text)") + "\n") }

  /// A text with options in place of properties and control characters spelled out, in lines that
  /// the terminal has room for.
  static func fitted(_ text: String) -> String {
    // The last column stays free: a full line would wrap on some terminals.
    printable(OptionNames.applied(to: text)).fitted(
      to: TerminalWidth.columns(of: STDERR_FILENO).map { max(20, $0 - 1) }, command: "tlbench")
  }

  /// The text with control characters escaped: it may contain names from files, and a terminal
  /// would obey the control characters in them.
  static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.properties.generalCategory == .control, scalar != "\n" {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Writes a text to standard error.
  ///
  /// Errors in writing are ignored: a message that cannot be shown is no reason to stop the work.
  static func write(_ text: String) { _ = StandardStream.write(text, to: STDERR_FILENO) }
}
