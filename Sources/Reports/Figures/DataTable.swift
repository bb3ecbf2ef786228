import Foundation

/// The numbers behind a figure, as a table that can be opened and saved.
struct DataTable: Sendable {
  struct Column: Sendable {
    let title: String
    var isNumeric = false
  }

  /// The name of the file that it is saved as, without an ending.
  let name: String
  let columns: [Column]
  /// The rows that a page shows: the others would only take memory until the page is written.
  private let shown: [[String]]
  /// The number of all rows.
  private let rowCount: Int

  /// The most rows that a page shows, and the most bytes of their texts; the others are left to the
  /// commands.
  private static let limit = (rows: 1_000, bytes: 150_000)

  /// - Parameter columns: Titles; a title that ends in `#` is of a column of numbers.
  init(_ name: String, _ columns: [String], _ rows: [[String]]) {
    self.init(name, columns, count: rows.count, rows: rows)
  }

  /// - Parameters:
  ///   - columns: Titles; a title that ends in `#` is of a column of numbers.
  ///   - count: The number of all rows.
  ///   - rows: All rows, of which no more are made than the page shows.
  init(_ name: String, _ columns: [String], count: Int, rows: some Sequence<[String]>) {
    self.name = name
    self.columns = columns.map { title in
      title.hasSuffix("#")
        ? Column(title: String(title.dropLast()), isNumeric: true) : Column(title: title)
    }
    var shown: [[String]] = []
    var bytes = 0
    for row in rows.prefix(Self.limit.rows) {
      bytes += row.reduce(0) { $0 + $1.utf8.count }
      if bytes > Self.limit.bytes, !shown.isEmpty { break }
      shown.append(row)
    }
    self.shown = shown
    rowCount = count
  }

  /// Whether the page has only the first rows.
  private var isShortened: Bool { shown.count < rowCount }

  /// Where a reader finds what a figure leaves out, for the end of a sentence.
  var remainder: String {
    isShortened
      ? "the table has the first \(FigureText.counted(shown.count, "row")), and 'tlbench show' all"
      : "the table has all"
  }

  /// The table, closed until a reader opens it.
  func disclosure(of subject: String) -> Markup {
    let csv = ([columns.map(\.title)] + shown).map(CSVLine.text).joined()
    let address = "data:text/csv;base64," + Data(csv.utf8).base64EncodedString()
    let link = Markup.element(
      "a", ["href": address, "download": "\(name).csv"], Markup.text("Save as \(name).csv"))
    let all = FigureText.counted(rowCount, "row")
    let count = isShortened ? "\(FigureText.grouped(shown.count)) of \(all)" : all
    let summary = Markup.element(
      "summary", [:],
      Markup.text("Table of \(subject) ")
        + Markup.element("span", ["class": "dim"], Markup.text("(\(count))")))
    var note = Markup.empty
    if isShortened {
      let rows = shown.count == 1 ? "row" : "\(FigureText.grouped(shown.count)) rows"
      note = Markup.text(
        "The first \(rows). In a terminal 'tlbench show' prints every place; "
          + "'tlbench validate' as CSV has every verdict.")
    }
    return Markup.element(
      "details", [:],
      summary + Markup.element("p", ["class": "dim"], [link, " ", note])
        + Markup.element(
          "div",
          [
            "class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Table of \(name)",
          ], markup))
  }

  private var markup: Markup {
    let head = columns.map { column in
      Markup.element(
        "th", ["scope": "col", "class": column.isNumeric ? "n" : nil], Markup.text(column.title))
    }
    let body = shown.map { row -> Markup in
      Markup.element(
        "tr", [:],
        Markup(
          zip(columns, row).map { column, text in
            Markup.element("td", ["class": column.isNumeric ? "n" : nil], Markup.text(text))
          }))
    }
    return Markup.element(
      "table", ["class": "data"],
      Markup.element("thead", [:], Markup.element("tr", [:], Markup(head)))
        + Markup.element("tbody", [:], Markup(body)))
  }
}
