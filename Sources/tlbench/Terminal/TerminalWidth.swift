import Foundation

/// The columns of the terminal that a stream writes to.
enum TerminalWidth {
  /// The width of a terminal that does not report it.
  private static let usual = 80

  /// The columns of a stream: `COLUMNS` if the environment has it, what the terminal reports, or
  /// 80; `nil` if the stream is no terminal, whose lines may have any length.
  static func columns(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let columns = Int(text),
      columns > 0
    {
      return columns
    }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return usual }
    return Int(size.ws_col)
  }
}
