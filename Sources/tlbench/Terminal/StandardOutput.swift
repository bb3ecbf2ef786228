import Foundation
import Records
import Reports
import Synchronization

/// Prints results on standard output; nothing else does.
enum StandardOutput {
  /// The number of the first error in writing; 0 if there was none.
  private static let firstError = Atomic<Int32>(0)

  /// Prints a text as it is, in one piece.
  ///
  /// After an error nothing more is printed; ``finish()`` reports it, when everything else that the
  /// command does is done.
  static func write(_ text: String) {
    guard firstError.load(ordering: .relaxed) == 0 else { return }
    if let error = StandardStream.write(text, to: STDOUT_FILENO) {
      firstError.store(error, ordering: .relaxed)
    }
  }

  /// Prints a text, and breaks lines that are too long for the terminal.
  ///
  /// Control characters in it are spelled out.
  static func show(_ text: String) {
    let width = TerminalWidth.columns(of: STDOUT_FILENO)
    write(Console.printable(text).fitted(to: width, command: "tlbench") + "\n")
  }

  /// Ends the output of a command that succeeded.
  ///
  /// If the reader of a pipe is gone, the program ends quietly by the signal with which the system
  /// ends programs that do not ignore it.
  ///
  /// - Throws: `Failure` of kind `inputOutput` if something could not be printed.
  static func finish() throws(Failure) {
    let error = firstError.load(ordering: .relaxed)
    guard error != 0 else { return }
    if error == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    throw Failure(
      .inputOutput, "cannot write to", on: "standard output",
      because: String(cString: strerror(error)))
  }

  /// The layout of reports.
  ///
  /// - Parameter isVerbose: whether everything is explained and listed.
  static func layout(isVerbose: Bool = false) -> TextLayout {
    TextLayout(
      width: TerminalWidth.columns(of: STDOUT_FILENO), isVerbose: isVerbose,
      request: "--verbose")
  }
}
