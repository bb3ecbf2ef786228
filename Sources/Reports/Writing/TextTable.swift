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

  let columns: [Column]
  private(set) var lines: [[String]] = []
  /// The characters of each column's longest field or title.
  private(set) var widths: [Int]

  init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map(\.title.count)
  }

  /// Adds a line of fields; missing fields at the end are empty.
  mutating func append(_ cells: [String]) {
    let cells = cells + Array(repeating: "", count: max(0, columns.count - cells.count))
    lines.append(cells)
    for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.count) }
  }
}
