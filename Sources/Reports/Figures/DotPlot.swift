import Analysis

/// Rows with a name, a value with its interval, and columns of numbers beside it.
struct DotPlot {
  struct Row {
    let name: String
    var note = ""
    var isStrong = false
    let value: Double
    let interval: ConfidenceInterval?
    let marker: Marker
    /// The classes of the mark and of the line of the interval.
    let style, whisker: String
    /// The row in a sentence.
    let text: String
    /// Numbers for the columns; the first one is also shown where there is little room.
    let columns: [String]
  }

  /// What the values are.
  let axis: String
  /// The titles of the columns of numbers.
  let columns: [String]
  let rows: [Row]
  let domain: ClosedRange<Double>
  /// The room for names on wide screens, in pixels.
  var names = 288.0
  /// Where a dashed line is drawn.
  var reference: Double?
  /// Values that are shaded, because they count as nothing.
  var shaded: ClosedRange<Double>?

  func panel(_ label: String) -> FigurePanel {
    FigurePanel(wide: image(label, isNarrow: false), narrow: image(label, isNarrow: true))
  }

  func image(_ label: String, isNarrow: Bool) -> FigureImage {
    let layout = DotLayout(self, isNarrow: isNarrow)
    var content = layout.axis(axis, columns)
    for (index, row) in rows.enumerated() {
      content += marks(row, layout.y(index), layout) + labels(row, layout.y(index), layout)
    }
    return FigureImage(
      width: layout.width, height: layout.height, label: label, content: content)
  }

  private func marks(_ row: Row, _ y: Double, _ layout: DotLayout) -> Markup {
    var content = Markup.empty
    if let interval = row.interval {
      content += Plot.line(
        from: (layout.x(interval.lower), y), to: (layout.x(interval.upper), y), row.whisker)
    }
    content += row.marker.markup(layout.x(row.value), y, size: 4.6, style: row.style)
    let top = layout.isNarrow ? y - 28 : y - layout.row / 2
    content += Plot.rectangle(0, top, layout.width, layout.row, "target")
    return Plot.pointed(row.text, content)
  }

  private func labels(_ row: Row, _ y: Double, _ layout: DotLayout) -> Markup {
    let isNarrow = layout.isNarrow
    let room = Int((isNarrow ? 320 : names - 20) / 7)
    let name = row.name.count > room ? row.name.prefix(room - 1) + "…" : row.name
    var label = Markup.element(
      "tspan", ["class": row.isStrong ? "name strong" : "name"], Markup.text(name))
    if !row.note.isEmpty, name.count + row.note.count < room {
      label += Markup.element("tspan", ["class": "dim", "dx": "7"], Markup.text(row.note))
    }
    let text = Markup.element(
      "text",
      [
        "x": (isNarrow ? layout.left : layout.left - 14).px, "y": (y + (isNarrow ? -12 : 4)).px,
        "text-anchor": isNarrow ? nil : "end", "class": isNarrow ? "rowname halo" : "rowname",
      ], label)
    guard !isNarrow else {
      let number = row.columns.first ?? ""
      return text + Plot.text(number, layout.width - 8, y - 12, "tick strong", anchor: "end")
    }
    let numbers = zip(row.columns, layout.edges).enumerated().map { index, column in
      let style = index == 0 ? "tick strong" : "tick"
      return Plot.text(column.0, column.1, y + 4, style, anchor: "end")
    }
    return text + Markup(numbers)
  }
}

/// The rows and the axis of a plot of dots, in pixels.
struct DotLayout {
  let isNarrow: Bool
  let x: Scale
  let left: Double
  private let plot: DotPlot
  private let right: Double

  private let top = 34.0

  init(_ plot: DotPlot, isNarrow: Bool) {
    self.plot = plot
    self.isNarrow = isNarrow
    left = isNarrow ? 12 : plot.names
    right = isNarrow ? 368 : 1112 - 78 * Double(plot.columns.count)
    x = Scale(.linear, plot.domain, from: left, to: right)
  }

  var width: Double { isNarrow ? 380 : 1112 }

  /// The height of a row.
  var row: Double { isNarrow ? 40 : 27 }

  private var bottom: Double { top + Double(plot.rows.count) * row }

  var height: Double { bottom + 6 }

  /// The right edges of the columns of numbers.
  var edges: [Double] { plot.columns.indices.map { right + 78 * Double($0 + 1) } }

  /// The height of the marks of a row.
  func y(_ index: Int) -> Double { top + Double(index) * row + (isNarrow ? 28 : row / 2) }

  /// Grid lines with labels above, lines between rows, and the titles of columns.
  func axis(_ title: String, _ columns: [String]) -> Markup {
    var content = shading
    let ticks = LinearTicks.values(from: x.lower, to: x.upper)
    for value in ticks where plot.domain.contains(value) {
      content += Plot.line(from: (x(value), top - 6), to: (x(value), bottom), "grid")
      content += Plot.text(FigureText.short(value), x(value), top - 12, "tick", anchor: "middle")
    }
    for index in 0...plot.rows.count {
      let y = top + Double(index) * row
      content += Plot.line(from: (0, y), to: (width, y), "grid")
    }
    content += reference
    guard !isNarrow else { return content + Plot.text(title, left, 10, "axis") }
    return content + Plot.text(title, left - 14, top - 12, "axis", anchor: "end")
      + Markup(zip(columns, edges).map { Plot.text($0, $1, top - 12, "axis", anchor: "end") })
  }

  private var shading: Markup {
    guard let shaded = plot.shaded else { return .empty }
    let (start, end) = (x(shaded.lowerBound), x(shaded.upperBound))
    return Plot.rectangle(start, top - 4, end - start, bottom - top + 4, "good")
  }

  /// A dashed line; below the names of the rows if they are in its way.
  private var reference: Markup {
    guard let value = plot.reference else { return .empty }
    guard isNarrow else {
      return Plot.line(from: (x(value), top - 4), to: (x(value), bottom), "reference")
    }
    return Markup(
      plot.rows.indices.map { index in
        let start = top + Double(index) * row + 19
        return Plot.line(from: (x(value), start), to: (x(value), start + row - 19), "reference")
      })
  }
}
