import Analysis

/// How often predictions are right, by how confident they are.
struct Reliability {
  private let bins: [(index: Int, bin: ClassificationScore.Bin)]
  private let binCount: Int
  private let total: Int

  private static let (width, height) = (380.0, 380.0)

  init(_ score: ClassificationScore) {
    bins = score.calibration.enumerated().filter { $0.element.count > 0 }.map { ($0, $1) }
    binCount = score.calibration.count
    total = score.calibration.reduce(0) { $0 + $1.count }
  }

  var figure: Figure {
    Figure(id: "reliability", panels: [FigurePanel(wide: image)], table: table)
  }

  private var image: FigureImage {
    let axes = Axes(
      x: Scale(.linear, 0...100, from: 40, to: Self.width - 12),
      y: Scale(.linear, 0...100, from: 270, to: 12), left: 40, right: Self.width - 12, top: 12,
      bottom: 340)
    var content = axes.horizontal([0, 25, 50, 75, 100], label: FigureText.short)
    content += axes.linear([0, 25, 50, 75, 100], label: FigureText.short)
    content += Plot.text(
      "probability of the predicted class, %", (axes.left + axes.right) / 2, Self.height - 6,
      "axis", anchor: "middle")
    content += Plot.line(
      from: (axes.x(0), axes.y(0)), to: (axes.x(100), axes.y(100)), "reference")
    let points = bins.map {
      PlotPoint(x: axes.x(100 * $0.bin.confidence), y: axes.y(100 * $0.bin.accuracy))
    }
    if points.count > 1 { content += Plot.path(points.line, "line a2") }
    let most = Double(bins.map(\.bin.count).max() ?? 1)
    for (item, point) in zip(bins, points) {
      content += mark(item.index, item.bin, at: point, share: Double(item.bin.count) / most, axes)
    }
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Accuracy by the probability of the predicted class, with the number of examples "
        + "below; on the dashed line probabilities are honest.",
      content: content)
  }

  /// A mark with the bar of its number of examples.
  private func mark(
    _ index: Int, _ bin: ClassificationScore.Bin, at point: PlotPoint, share: Double, _ axes: Axes
  ) -> Markup {
    let width = (axes.right - axes.left) / Double(binCount)
    let height = 52 * share
    let bar = Plot.rectangle(
      axes.left + Double(index) * width + 1, axes.bottom - height, width - 2, height, "bar")
    let text =
      "\(range(index)): \(FigureText.counted(bin.count, "example")), mean probability "
      + "\(FigureText.decimal(100 * bin.confidence)) %, \(FigureText.decimal(100 * bin.accuracy)) "
      + "% right"
    return Plot.pointed(
      text,
      bar + Plot.circle(point.x, point.y, 4, "dot a2")
        + Plot.circle(point.x, point.y, 8, "target"))
  }

  private func range(_ index: Int) -> String {
    let ends = [index, index + 1].map { FigureText.decimal(100 * Double($0) / Double(binCount)) }
    return "probability \(ends[0]) to \(ends[1]) %"
  }

  private var table: DataTable {
    DataTable(
      "reliability",
      ["probability", "examples#", "share, %#", "mean probability, %#", "right, %#"],
      bins.map { index, bin in
        [
          range(index), "\(bin.count)",
          FigureText.decimal(100 * Double(bin.count) / Double(max(1, total))),
          FigureText.decimal(100 * bin.confidence, 2), FigureText.decimal(100 * bin.accuracy, 2),
        ]
      })
  }
}
