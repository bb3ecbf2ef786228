import Foundation
import Records

/// Where words go that are not results: standard error.
enum Console {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// A line of progress or news.
  static func note(_ text: String) { write(text + "\n") }

  static func error(_ text: String) { write("tlbench: \(text)\n") }

  /// Replaces the line that the cursor is on; for terminals.
  static func live(_ text: String) { write("\r\u{1B}[K\(text)") }

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

  private static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
