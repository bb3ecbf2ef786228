/// A few lines at the bottom of a terminal that are drawn again and again in the same place, with
/// lines that stay going by above them.
///
/// A pure value: it makes the text to write, in one piece, so that nothing flickers. Lines are
/// overwritten in place and never cleared as a whole.
package struct LiveBlock: Sendable {
  /// Characters of each line that is on the screen; the cursor is at the end of the last.
  private var drawn: [Int] = []

  package init() {}

  /// What to write to show `lines` in place of those before.
  ///
  /// - Parameters:
  ///   - passing: lines to leave behind above the block; what is longer than the terminal wraps.
  ///   - lines: the block, each line shorter than the terminal is wide.
  ///   - width: columns of the terminal, which may have changed since the last time.
  package mutating func frame(passing: [String] = [], lines: [String], width: Int) -> String {
    let rows = drawn.reduce(0) { $0 + Self.rows(of: $1, width: width) }
    var text = "\r"
    if rows > 1 { text += "\u{1B}[\(rows - 1)A" }
    let all = passing + lines
    text += all.map { "\($0)\u{1B}[K" }.joined(separator: "\r\n")
    if lines.isEmpty, !passing.isEmpty { text += "\r\n" }
    // What is left of a taller block.
    if all.count < rows { text += "\u{1B}[J" }
    drawn = lines.map(\.count)
    return all.isEmpty && rows == 0 ? "" : text
  }

  /// Rows that a line takes: a terminal that has become narrower has wrapped it.
  private static func rows(of length: Int, width: Int) -> Int {
    max(1, (length + width - 1) / max(1, width))
  }
}
