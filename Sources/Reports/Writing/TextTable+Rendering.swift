extension TextTable {
  /// The text of the table, ending in a newline.
  ///
  /// - Parameters:
  ///   - width: the columns of the terminal; `nil` if the table may have any width. A table that is
  ///     wider becomes several ones with some of the columns each or, if not even those fit, a
  ///     block of titles and values for each line.
  ///   - keys: how many of the first columns say what a line is about; each part repeats them.
  func rendered(within width: Int? = nil, keys: Int = 1) -> String {
    let all = Array(columns.indices)
    guard let width, self.width(of: all) > width else { return rendered(all) }
    let keys = Array(all.prefix(keys))
    var parts: [[Int]] = []
    for column in all.dropFirst(keys.count) {
      if let last = parts.last, self.width(of: last + [column]) <= width {
        parts[parts.count - 1].append(column)
      } else {
        parts.append(keys + [column])
      }
    }
    guard !parts.isEmpty, parts.allSatisfy({ self.width(of: $0) <= width }) else {
      return blocks(within: width)
    }
    return parts.map(rendered).joined(separator: "\n")
  }

  /// The table with lines and columns exchanged; the first column becomes the titles.
  ///
  /// - Parameter title: the title of the new first column.
  func transposed(_ title: String) -> TextTable {
    var table = TextTable([Column(title)] + lines.map { Column($0[0], .right) })
    for index in columns.indices.dropFirst() {
      table.append([columns[index].title] + lines.map { $0[index] })
    }
    return table
  }

  /// The columns that the table needs.
  var width: Int { width(of: Array(columns.indices)) }

  private func width(of chosen: [Int]) -> Int {
    chosen.reduce(2 * (chosen.count - 1)) { $0 + widths[$1] }
  }

  /// The titles, a horizontal rule, and the lines of some columns, with two spaces between columns
  /// and none at the ends of lines.
  private func rendered(_ chosen: [Int]) -> String {
    let rule = String(repeating: "─", count: width(of: chosen))
    let titles = columns.map(\.title)
    return ([text(titles, chosen), rule] + lines.map { text($0, chosen) }).joined(separator: "\n")
      + "\n"
  }

  private func text(_ cells: [String], _ chosen: [Int]) -> String {
    let padded = chosen.map { column in
      switch columns[column].alignment {
      case .left: cells[column].padded(to: widths[column])
      case .right: cells[column].rightAligned(in: widths[column])
      }
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }

  /// A block for each line: its titles and values, one below the other.
  private func blocks(within width: Int) -> String {
    let indent = 2 + columns.reduce(0) { max($0, $1.title.count) }
    return lines.filter { $0.contains { !$0.isEmpty } }.map { cells in
      zip(columns, cells).filter { !$1.isEmpty }.map { column, cell in
        entry(column.title, cell, indent: indent, within: width)
      }.joined()
    }.joined(separator: "\n")
  }

  /// A value beside its title or, if a word of it has no room there, below.
  private func entry(_ title: String, _ value: String, indent: Int, within width: Int) -> String {
    let room = max(8, width - indent)
    let longest = value.split(separator: " ").reduce(0) { max($0, $1.count) }
    guard longest <= room else {
      return title + "\n" + value.wrapped(to: max(8, width - 2)).map { "  \($0)\n" }.joined()
    }
    return value.wrapped(to: room).enumerated().map { index, line in
      (index == 0 ? title : "").padded(to: indent) + line + "\n"
    }.joined()
  }
}
