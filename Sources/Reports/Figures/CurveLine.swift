import Analysis
import Records

/// One strategy in a panel of curves: a line through its mean accuracies, a mark at each, and a
/// band of their intervals.
struct CurveLine {
  /// The accuracy at one point of the axis.
  struct Item {
    let x: Double
    /// In percent.
    let mean: Double
    /// In percent.
    let interval: (lower: Double, upper: Double)?
    /// The point in a sentence.
    let text: String

    /// `nil` if nothing was measured.
    ///
    /// - Parameter place: Where it was measured, in words.
    init?(_ summary: ArmSummary, x: Double, at place: String) {
      guard let mean = summary.meanAccuracy else { return nil }
      self.x = x
      self.mean = 100 * mean
      interval = summary.accuracyInterval.map { (100 * $0.lower, 100 * $0.upper) }
      let tasks = FigureText.counted(summary.completedCount, "replicate")
      text =
        "\(summary.arm.name), \(place): \(FigureText.accuracy(summary)) over \(tasks)"
        + FigureText.cpuTime(summary)
    }
  }

  let style: StrategyStyle
  let axes: Axes
  let items: [Item]

  private func point(_ x: Double, _ percent: Double) -> PlotPoint {
    PlotPoint(x: axes.x(x), y: axes.y(percent))
  }

  var points: [PlotPoint] { items.map { point($0.x, $0.mean) } }

  /// The area of the intervals; empty for a line without them.
  var band: Markup {
    let known = items.compactMap { item in item.interval.map { (item.x, $0) } }
    guard known.count > 1 else { return .empty }
    let upper = known.map { point($0.0, $0.1.upper) }
    let lower = known.map { point($0.0, $0.1.lower) }
    return Plot.path((upper + lower.reversed()).line + "Z", "band \(style.key)")
  }

  /// The line with its marks; empty if nothing was measured.
  var markup: Markup {
    guard !items.isEmpty else { return .empty }
    let marks = items.map { item -> Markup in
      let at = point(item.x, item.mean)
      let dot = style.marker.markup(at.x, at.y, size: 3, style: "dot \(style.key)")
      return Plot.pointed(item.text, dot + Plot.circle(at.x, at.y, 7, "target"))
    }
    return Plot.series(style.key, Plot.path(points.line, "line \(style.key)") + Markup(marks))
  }

  /// The names at the ends of lines, as near to them as there is room.
  static func labels(
    _ ends: [(name: String, key: String, at: PlotPoint)], _ axes: Axes
  ) -> Markup {
    let placed = LabelSpread.positions(
      ends.map(\.at.y), distance: 13, within: (axes.top + 4)...(axes.bottom - 4))
    let x = (ends.map(\.at.x).max() ?? 0) + 18
    return Markup(
      zip(ends, placed).map { end, y in
        let start = PlotPoint(x: end.at.x + 5, y: end.at.y)
        let leader = Plot.path([start, PlotPoint(x: x - 3, y: y)].line, "leader \(end.key)")
        let name = end.name.count > 19 ? end.name.prefix(18) + "…" : end.name
        return leader
          + Plot.series(end.key, Plot.text(name, x, y + 4, "label \(end.key)"))
      })
  }
}
