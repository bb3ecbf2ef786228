extension String {
  /// The text with lines that a terminal is too narrow for broken at spaces.
  ///
  /// What follows a line's first gap of two spaces, its second column, stays in that column; other
  /// lines are indented by two spaces more than they begin with. A command that begins with a name,
  /// at the start of a line or after a colon, gets lines of its own that end in a backslash, so
  /// that it can still be pasted. A word that is longer than a line is moved to the left as far as
  /// needed.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal; `nil` for any number.
  ///   - command: the name with which commands begin.
  package func fitted(to width: Int?, command: String) -> String {
    guard let width else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      line.count <= width ? [String(line)] : String(line).broken(at: width, command: command + " ")
    }.joined(separator: "\n")
  }

  private func broken(at width: Int, command: String) -> [String] {
    let indentation = prefix { $0 == " " }.count
    if dropFirst(indentation).hasPrefix(command) {
      return Self.commandLines(dropFirst(indentation), indentation, width)
    }
    if let range = ranges(of: ": " + command).last {
      let start = index(range.lowerBound, offsetBy: 2)
      let prose = String(self[..<range.lowerBound]) + ":"
      return (prose.count <= width ? [prose] : prose.broken(at: width, command: command))
        + Self.commandLines(self[start...], indentation + 2, width)
    }
    let column = secondColumn(indentation, width)
    let hanging = column ?? min(indentation + 2, width / 2)
    let start = column ?? indentation
    var lines = [String(prefix(start))]
    var isStart = true
    for word in dropFirst(start).split(separator: " ") {
      let separator = isStart ? "" : " "
      if lines[lines.count - 1].count + separator.count + word.count <= width {
        lines[lines.count - 1] += separator + word
      } else {
        let space = max(0, min(hanging, width - word.count))
        lines.append(String(repeating: " ", count: space) + word)
      }
      isStart = false
    }
    return lines.map { String($0.reversed().drop { $0 == " " }.reversed()) }
  }

  private static func commandLines(
    _ text: Substring, _ indentation: Int, _ width: Int
  ) -> [String] {
    String(text).wrappedAsCommand(to: width - indentation)
      .map { String(repeating: " ", count: indentation) + $0 }
  }

  /// The position after the first gap of two spaces, if it is in the left third of the terminal.
  private func secondColumn(_ indentation: Int, _ width: Int) -> Int? {
    let text = dropFirst(indentation)
    guard let gap = text.firstRange(of: "  ") else { return nil }
    let spaces = text[gap.lowerBound...].prefix { $0 == " " }.count
    let column = indentation + text.distance(from: text.startIndex, to: gap.lowerBound) + spaces
    return column <= max(30, width / 3) && column < width / 2 ? column : nil
  }
}
