import Foundation
import Records

/// Where words go that are not results: standard error.
enum Console {
  /// Whether standard error is a terminal on which the cursor can be moved.
  static let isTerminal =
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Whether colours are welcome (no-color.org).
  static let hasColor =
    isTerminal && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

  /// Columns of the terminal at this moment; 80 where it does not say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// A line of progress or news.
  static func note(_ text: String) { write(printable(text) + "\n") }

  static func error(_ text: String) { write("tlbench: \(printable(text))\n") }

  /// The text with control characters spelled out: names come from files, and a terminal would obey
  /// them.
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

  /// Hands over what was printed, the last words of a command that succeeded.
  ///
  /// - Throws: `Failure` of kind `inputOutput` where standard output cannot take it.
  static func finishOutput() throws(Failure) {
    guard fflush(nil) == 0 else {
      throw Failure(
        .inputOutput, "cannot write to", on: "standard output",
        because: String(cString: strerror(errno)))
    }
  }

  /// Writes all of a text at once, as far as standard error takes it: words that nobody can see are
  /// no reason to stop the work.
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
