import Foundation
import Records

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
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes a line of progress, or a note.
  static func note(_ text: String) { write(printable(OptionNames.applied(to: text)) + "\n") }

  /// Writes an error.
  static func error(_ text: String) {
    write("tlbench: \(printable(OptionNames.applied(to: text)))\n")
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

  /// Flushes what was printed, at the end of a command that succeeded.
  ///
  /// - Throws: `Failure` of kind `inputOutput` if standard output cannot be written.
  static func finishOutput() throws(Failure) {
    guard fflush(nil) == 0 else {
      throw Failure(
        .inputOutput, "cannot write to", on: "standard output",
        because: String(cString: strerror(errno)))
    }
  }

  /// Writes a text to standard error.
  ///
  /// Errors in writing are ignored: a message that cannot be shown is no reason to stop the work.
  static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
