/// A few lines at the bottom of a terminal that are redrawn in place, while permanent lines scroll
/// by above them.
///
/// It is a pure value that returns the text to write, in one piece to avoid flicker. Lines are
/// overwritten in place and never cleared as a whole.
package struct LiveBlock: Sendable {
  /// The number of characters of each line on the screen; the cursor is at the end of the last.
  private var drawn: [Int] = []

  package init() {}

  /// The text to write to show `lines` in place of the previous ones.
  ///
  /// - Parameters:
  ///   - passing: permanent lines to write above the block; lines longer than the terminal wrap.
  ///   - lines: the block, each line shorter than the terminal is wide.
  ///   - width: the columns of the terminal, which may have changed since the last call.
  package mutating func frame(passing: [String] = [], lines: [String], width: Int) -> String {
    let rows = drawn.reduce(0) { $0 + Self.rows(of: $1, width: width) }
    var text = "\r"
    if rows > 1 { text += "\u{1B}[\(rows - 1)A" }
    let all = passing + lines
    text += all.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n")
    if lines.isEmpty, !passing.isEmpty { text += "\r\n" }
    // Clear what is left of a taller block.
    if all.count < rows { text += "\u{1B}[J" }
    drawn = lines.map(\.count)
    return all.isEmpty && rows == 0 ? "" : text
  }

  /// The rows that a line occupies: a terminal that has become narrower has wrapped it.
  private static func rows(of length: Int, width: Int) -> Int {
    max(1, (length + width - 1) / max(1, width))
  }
}
