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

  /// Rows that a page shows; the others are left to the commands.
  static let limit = 1_000

  /// - Parameter columns: Titles; a title that ends in `#` is of a column of numbers.
  init(_ name: String, _ columns: [String], _ rows: [[String]]) {
    self.name = name
    self.columns = columns.map { title in
      title.hasSuffix("#")
        ? Column(title: String(title.dropLast()), isNumeric: true) : Column(title: title)
    }
    shown = Array(rows.prefix(Self.limit))
    rowCount = rows.count
  }

  /// The table, closed until a reader opens it.
  func disclosure(of subject: String) -> Markup {
    let csv = ([columns.map(\.title)] + shown).map(CSVLine.text).joined()
    let address = "data:text/csv;base64," + Data(csv.utf8).base64EncodedString()
    let link = Markup.element(
      "a", ["href": address, "download": "\(name).csv"], Markup.text("Save as \(name).csv"))
    let all = FigureText.counted(rowCount, "row")
    let count =
      rowCount > Self.limit ? "\(FigureText.grouped(Self.limit)) of \(all)" : all
    let summary = Markup.element(
      "summary", [:],
      Markup.text("Table of \(subject) ")
        + Markup.element("span", ["class": "dim"], Markup.text("(\(count))")))
    var note = Markup.empty
    if rowCount > Self.limit {
      note = Markup.text(
        "The first \(FigureText.grouped(Self.limit)) rows. In a terminal 'tlbench show' prints "
          + "every place; 'tlbench validate' as CSV has every verdict.")
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
