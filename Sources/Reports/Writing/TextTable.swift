/// Text in columns that are as wide as they need to be.
///
/// Every character counts as one column.
struct TextTable {
  enum Alignment {
    case left, right
  }

  struct Column {
    let title: String
    let alignment: Alignment

    init(_ title: String, _ alignment: Alignment = .left) {
      self.title = title
      self.alignment = alignment
    }
  }

  private let columns: [Column]
  private var lines: [[String]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a line of fields; missing fields at the end are empty.
  mutating func append(_ cells: [String]) {
    lines.append(cells + Array(repeating: "", count: max(0, columns.count - cells.count)))
  }

  /// The titles, a horizontal rule, and the lines, with two spaces between columns and none at the
  /// ends of lines.
  func rendered() -> String {
    let widths = columns.indices.map { column in
      lines.reduce(columns[column].title.count) { max($0, $1[column].count) }
    }
    let titles = render(columns.map(\.title), widths)
    let width = widths.reduce(2 * (columns.count - 1), +)
    let rule = String(repeating: "─", count: width)
    return ([titles, rule] + lines.map { render($0, widths) }).joined(separator: "\n") + "\n"
  }

  private func render(_ cells: [String], _ widths: [Int]) -> String {
    let padded = columns.indices.map { column in
      switch columns[column].alignment {
      case .left: cells[column].padded(to: widths[column])
      case .right: cells[column].rightAligned(in: widths[column])
      }
    }
    let line = padded.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}

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
}
