import Analysis

/// A table that is shown in a page as it is.
struct SimpleTable {
  private let columns: [DataTable.Column]
  private let rows: [[Markup]]

  /// - Parameter columns: Titles; a title that ends in `#` is of a column of numbers.
  init(_ columns: [String], _ rows: [[String]]) {
    self.init(columns, cells: rows.map { $0.map(Markup.text) })
  }

  init(_ columns: [String], cells: [[Markup]]) {
    self.columns = DataTable("", columns, []).columns
    rows = cells
  }

  /// The table; the first cell of a row is its heading.
  var markup: Markup {
    let head = columns.map { column in
      Markup.element(
        "th", ["scope": "col", "class": column.isNumeric ? "n" : nil], Markup.text(column.title))
    }
    let body = rows.map { row -> Markup in
      Markup.element(
        "tr", [:],
        Markup(
          zip(columns, row).enumerated().map { index, cell in
            index == 0
              ? Markup.element("th", ["scope": "row"], cell.1)
              : Self.cell(cell.1, cell.0.title, isNumeric: cell.0.isNumeric)
          }))
    }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "verdicts"],
        Markup.element("thead", [:], Markup.element("tr", [:], Markup(head)))
          + Markup.element("tbody", [:], Markup(body))))
  }

  /// A cell that says the title of its column where the table has none, on narrow screens.
  static func cell(_ content: Markup, _ label: String, isNumeric: Bool = false) -> Markup {
    Markup.element(
      "td", ["data-label": label, "class": isNumeric ? "n" : nil],
      Markup.element("span", [:], content))
  }

  /// A verdict with its sign.
  static func chip(_ verdict: Verdict) -> Markup {
    let sign =
      switch verdict {
      case .supported: "✓"
      case .refuted: "✗"
      case .undecided: "?"
      case .notMeasured, .nothingLearns, .ceiling: "–"
      }
    let style = verdict.rawValue.replacing(" ", with: "-")
    return Markup.element(
      "span", ["class": "chip v-\(style)"],
      Markup.element("span", ["aria-hidden": "true"], Markup.text(sign))
        + Markup.text(" \(verdict.rawValue)"))
  }

  /// How many places have each verdict.
  static func counts(_ overall: OverallVerdict) -> Markup {
    let signs: [(String, Verdict)] = [("✓", .supported), ("✗", .refuted), ("?", .undecided)]
    return Markup(
      signs.map { sign, verdict in
        let places = overall.counts[verdict] ?? 0
        let count = FigureText.grouped(places)
        return Markup.element(
          "span",
          [
            "class": places == 0 ? "count zero" : "count", "title": "\(count) \(verdict.rawValue)",
          ], Markup.text("\(count) \(sign)"))
      })
  }

  /// A number with its interval beside it.
  static func number(_ text: String, _ interval: String) -> Markup {
    Markup.element("b", [:], Markup.text(text))
      + (interval.isEmpty
        ? .empty : Markup.text(" ") + Markup.element("small", [:], Markup.text(interval)))
  }
}
