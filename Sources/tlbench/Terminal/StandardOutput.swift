import Foundation
import Reports

/// Prints results for people on standard output, in lines that its terminal has room for.
enum StandardOutput {
  /// The layout of reports.
  ///
  /// - Parameter isVerbose: whether everything is explained and listed.
  static func layout(isVerbose: Bool = false) -> TextLayout {
    TextLayout(
      width: TerminalWidth.columns(of: STDOUT_FILENO), isVerbose: isVerbose,
      request: "--verbose")
  }

  /// Prints a text, and breaks lines that are too long for the terminal.
  ///
  /// Control characters in it are spelled out.
  static func show(_ text: String) {
    let width = TerminalWidth.columns(of: STDOUT_FILENO)
    print(Console.printable(text).fitted(to: width, command: "tlbench"))
  }
}
