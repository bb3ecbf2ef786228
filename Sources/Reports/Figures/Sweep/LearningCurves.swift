import Analysis
import Records

/// Accuracy over the number of labels, a panel per similarity and a line per strategy.
struct LearningCurves {
  private let data: SweepData

  /// The most panels, points of a line and marks of all panels; the others are left to the table.
  private static let largest = (panels: 12, points: 30, marks: 2_000)
  private static let (width, height) = (352.0, 306.0)

  init(_ data: SweepData) { self.data = data }

  private var measured: [Similarity] {
    let known = Set(data.matrix.similarities)
    return data.similarities.filter(known.contains)
  }

  /// The similarities with a panel.
  private var shown: [Similarity] { SweepData.thinned(measured, to: Self.largest.panels) }

  /// The strategies with a line, which has at least two marks.
  private var arms: [Arm] {
    data.styles.first(Self.largest.marks / (2 * max(1, shown.count)))
  }

  /// The numbers of labels with a mark.
  private var sizes: [Int] {
    let lines = max(1, shown.count * arms.count)
    let count = min(Self.largest.points, max(2, Self.largest.marks / lines))
    return SweepData.thinned(data.matrix.trainSizes, to: count)
  }

  /// How much of the results is shown; empty if all is.
  var omission: String {
    func part(_ shown: Int, of all: Int, _ noun: String) -> String? {
      shown < all ? "\(FigureText.grouped(shown)) of \(FigureText.grouped(all)) \(noun)" : nil
    }
    let parts = [
      part(shown.count, of: measured.count, "panels"),
      part(sizes.count, of: data.matrix.trainSizes.count, "numbers of labels"),
      part(arms.count, of: data.styles.arms.count, "strategies"),
    ].compactMap { $0 }
    return parts.isEmpty ? "" : "\(FigureText.list(parts)) are shown; \(table.remainder)."
  }

  /// `nil` if fewer than two numbers of labels were measured.
  var figure: Figure? {
    guard data.matrix.trainSizes.count > 1 else { return nil }
    let shown = shown
    let sizes = Set(sizes)
    let arms = arms
    return Figure(
      id: "curves",
      panels: shown.map { similarity in
        FigurePanel(
          subject: FigureText.subject(similarity),
          finding: CurveFinding.text(places(similarity)), wide: image(similarity, sizes, arms))
      },
      aside: shown.count % 3 == 0 ? .empty : howTo, table: table)
  }

  private var howTo: Markup {
    let words = [
      "A line is a strategy, its band the 95 % interval over tasks. Where bands overlap, look at "
        + "the map: paired differences are sharper than bands.",
      "Point at a mark for its numbers, or focus a panel and use the arrow keys. Point at a name "
        + "to see its strategy alone.",
    ]
    return Markup.element(
      "div", ["class": "panel howto"],
      Markup.element("h3", [:], Markup.element("span", [:], "how to read this"))
        + Markup.element(
          "div", [:], Markup(words.map { Markup.element("p", [:], Markup.text($0)) })))
  }

  private func places(_ similarity: Similarity) -> [PlaceVerdict] {
    data.sizes.compactMap { data[similarity, $0] }
  }

  private func image(_ similarity: Similarity, _ drawn: Set<Int>, _ arms: [Arm]) -> FigureImage {
    let places = places(similarity)
    let marked = places.filter { drawn.contains($0.place.trainSize) }
    let sizes = data.matrix.trainSizes.map(Double.init)
    let (first, last) = (sizes.first ?? 1, sizes.last ?? 1)
    let axes = Axes(
      x: Scale(.logarithmic, (first * 0.86)...(last * 1.12), from: 34, to: Self.width - 118),
      y: Scale(.linear, 0...100, from: Self.height - 34, to: 12),
      left: 34, right: Self.width - 118, top: 12, bottom: Self.height - 34)
    var content = axes.horizontal([0, 25, 50, 75, 100], label: FigureText.short)
    content += axes.logarithmic { FigureText.short($0) }
    if let chance = data.matrix.chance {
      let y = axes.y(100 * chance)
      content += Plot.line(from: (axes.left, y), to: (axes.right, y), "chance")
      let x = (axes.left + axes.right) / 2
      content += Plot.text("chance", x, y + 12, "note", anchor: "middle")
    }
    var lines = Markup.empty
    var ends: [(name: String, key: String, at: PlotPoint)] = []
    for arm in arms {
      let curve = CurveLine(style: data.styles[arm], axes: axes, items: items(arm, marked))
      content += curve.band
      lines += curve.markup
      if let end = curve.points.last { ends.append((arm.name, data.styles[arm].key, end)) }
    }
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Accuracy over the number of labels at \(FigureText.subject(similarity)), a line per "
        + "strategy with its 95 % interval: \(CurveFinding.text(places)).",
      content: content + lines + CurveLine.labels(ends, axes))
  }

  private func items(_ arm: Arm, _ places: [PlaceVerdict]) -> [CurveLine.Item] {
    places.compactMap { place in
      guard let summary = place.cell.arm(named: arm.name) else { return nil }
      return CurveLine.Item(
        summary, x: Double(place.place.trainSize), at: FigureText.place(place.place))
    }
  }

  private var table: DataTable {
    DataTable(
      "curves",
      ["similarity", "labels#", "strategy", "tasks#", "accuracy %#", "±#", "CPU s#"],
      count: data.places.reduce(0) { $0 + $1.cell.arms.count { $0.completedCount > 0 } },
      rows: data.places.lazy.flatMap { place in
        place.cell.measuredArms.lazy.map { row(place.place, $0) }
      })
  }

  private func row(_ place: MatrixPlace, _ summary: ArmSummary) -> [String] {
    let mean = summary.meanAccuracy.map { FigureText.decimal(100 * $0, 2) }
    let half = summary.accuracyHalfWidth.map { FigureText.decimal(100 * $0, 2) }
    let seconds = summary.meanCPUSeconds.map(NumberText.fourDigits)
    return [
      place.similarity.label, "\(place.trainSize)", summary.arm.name,
      "\(summary.completedCount)", mean ?? "", half ?? "", seconds ?? "",
    ]
  }
}
