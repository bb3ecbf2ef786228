extension String {
  /// The text, padded with spaces on the right.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text, padded with spaces on the left.
  func rightAligned(in width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// The text, broken at spaces into lines of at most `width` characters; longer words get their
  /// own line.
  ///
  /// A comparison sign stays with the number after it.
  func wrapped(to width: Int) -> [String] {
    var lines: [String] = []
    var pending = ""
    for part in split(separator: " ") {
      let word = pending + part
      if let sign = part.last, "<>≤≥".contains(sign) {
        pending = word + " "
        continue
      }
      pending = ""
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(word)
      }
    }
    return pending.isEmpty ? lines : lines + [String(pending.dropLast())]
  }

  /// The text wrapped as a note: lines after the first are indented, and a text that is short
  /// enough keeps its inner spaces.
  func wrappedAsNote(to width: Int) -> [String] {
    if count <= width { return [self] }
    return wrapped(to: width - 2).enumerated()
      .map { $0.offset == 0 ? $0.element : "  \($0.element)" }
  }

  /// A command for a shell, broken at spaces outside of quotation marks into lines of at most
  /// `width` characters that end in a backslash.
  func wrappedAsCommand(to width: Int) -> [String] {
    if count <= width { return [self] }
    var lines: [String] = []
    var isQuoted = false
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      if let last = lines.last, isQuoted || last.count + word.count + 3 <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append((lines.isEmpty ? "" : "  ") + word)
      }
      if !word.count(where: { $0 == "'" }).isMultiple(of: 2) { isQuoted.toggle() }
    }
    return lines.dropLast().map { "\($0) \\" } + lines.suffix(1)
  }
}
