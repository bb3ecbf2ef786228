import Analysis
import Records

/// The map of a sweep: which strategy is best at every number of labels and similarity.
struct StrategyMap {
  private let data: SweepData
  private let sizes: [Int]
  private let similarities: [Similarity]

  /// The most sizes and similarities that have a row or a column.
  private static let largest = (sizes: 30, similarities: 20)

  init(_ data: SweepData) {
    self.data = data
    sizes = SweepData.thinned(data.sizes, to: Self.largest.sizes)
    similarities = SweepData.thinned(data.similarities, to: Self.largest.similarities)
  }

  var figure: Figure {
    Figure(
      id: "map", legend: data.styles.legend,
      panels: [FigurePanel(wide: image(isNarrow: false), narrow: image(isNarrow: true))],
      definitions: hatch, table: table)
  }

  /// How much of a thinned plan is shown; `nil` if all is.
  var omission: String? {
    let (all, shown) = (
      data.sizes.count * data.similarities.count, sizes.count * similarities.count
    )
    let places =
      all > shown
      ? "\(FigureText.grouped(shown)) of \(FigureText.counted(all, "place")) are shown; "
        + "\(table.remainder)." : nil
    let layout = layout(isNarrow: false)
    let count = data.styles.arms.count
    let squares =
      layout.hasMarks && layout.squareRoom(for: count) < MapLayout.leastRoom
      ? "Tiles are too narrow for the squares of \(FigureText.grouped(count)) strategies; "
        + "the table names those that are close to the best." : nil
    let parts = [places, squares].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private func layout(isNarrow: Bool) -> MapLayout {
    let columns = isNarrow ? similarities.count : sizes.count
    let rows = isNarrow ? sizes.count : similarities.count
    let names = similarities.map(\.label.count).max() ?? 0
    let left = isNarrow ? 58.0 : min(260, max(86, Double(names) * 7 + 40))
    return MapLayout(
      isNarrow: isNarrow, left: left, columns: max(1, columns), rows: max(1, rows))
  }

  private func image(isNarrow: Bool) -> FigureImage {
    let layout = layout(isNarrow: isNarrow)
    let columns = isNarrow ? similarities.count : sizes.count
    let rows = isNarrow ? sizes.count : similarities.count
    var content = titles(layout)
    for row in 0..<rows {
      for column in 0..<columns {
        let size = isNarrow ? sizes[row] : sizes[column]
        let similarity = isNarrow ? similarities[column] : similarities[rows - 1 - row]
        let tile = MapTile(data: data, layout: layout, column: column, row: row)
        content += tile.markup(data[similarity, size])
      }
    }
    return FigureImage(
      width: layout.width, height: layout.height,
      label: "Map of the best strategy over \(FigureText.counted(sizes.count, "number")) of labels "
        + "and \(FigureText.counted(similarities.count, isKnown ? "similarity level" : "task")); "
        + "the table below has the same content.",
      content: content)
  }

  private var isKnown: Bool { similarities.allSatisfy(\.isKnown) }

  /// The pattern of places where nothing is decided.
  private var hatch: Markup {
    Markup.element(
      "pattern",
      ["id": "hatch", "width": "9", "height": "9", "patternUnits": "userSpaceOnUse"],
      Plot.path("M-2,2L2,-2M0,9L9,0M7,11L11,7", "stripe"))
  }

  private func titles(_ layout: MapLayout) -> Markup {
    let axis = isKnown ? "similarity of the tasks" : "tasks"
    let columns = layout.isNarrow ? similarities.map(\.label) : sizes.map(FigureText.grouped)
    let rows =
      layout.isNarrow ? sizes.map(FigureText.grouped) : similarities.reversed().map(\.label)
    var content = Markup.empty
    // Where columns are narrow, every second or third has its title.
    let widest = Double(columns.map(\.count).max() ?? 1) * 7 + 6
    let step = max(1, Int((widest / layout.pitch).rounded(.up)))
    for (index, title) in columns.enumerated() where index % step == 0 {
      content += Plot.text(title, layout.middle(index), layout.top - 10, "tick", anchor: "middle")
    }
    for (index, title) in rows.enumerated() {
      let shown = title.count > 32 ? title.prefix(31) + "…" : title
      content += Plot.text(
        shown, layout.left - 10, layout.y(index) + layout.side / 2 + 4, "tick", anchor: "end")
    }
    guard !layout.isNarrow else {
      let middle = layout.left + (layout.width - layout.left) / 2
      return content + Plot.text(axis, middle, 14, "axis", anchor: "middle")
        + Plot.text("labels", 0, layout.top - 10, "axis")
    }
    let turn =
      "translate(12 \((layout.top + Double(rows.count) * layout.pitchY / 2).px)) rotate(-90)"
    return content
      + Plot.text("number of labelled training examples", layout.left, 13, "axis")
      + Markup.element(
        "text", ["class": "axis", "text-anchor": "middle", "transform": turn], Markup.text(axis))
  }

  private var table: DataTable {
    DataTable(
      "map",
      [
        "similarity", "labels#", "result", "best", "accuracy %#", "±#", "lead, points#",
        "within \(data.marginText) of the best", "not decided", "cheapest of them",
        "rules advise", "verdict",
      ],
      count: data.places.count, rows: data.places.lazy.map(row))
  }

  private func row(_ place: PlaceVerdict) -> [String] {
    let advice = data.advice(at: place.place)
    let mean = place.best?.meanAccuracy.map { FigureText.decimal(100 * $0, 2) }
    let half = place.best?.accuracyHalfWidth.map { FigureText.decimal(100 * $0, 2) }
    let lead = place.lead.map { FigureText.decimal($0, 2) }
    let supported = place.supported.map(\.arm.name).joined(separator: " ")
    let undecided = place.undecided.map(\.arm.name).joined(separator: " ")
    return [
      place.place.similarity.label, "\(place.place.trainSize)", MapTile.result(place),
      place.best?.arm.name ?? "", mean ?? "", half ?? "", lead ?? "", supported, undecided,
      place.cheapestSupported?.arm.name ?? "", advice?.rule.arm.name ?? "",
      advice?.verdict.rawValue ?? "",
    ]
  }
}
