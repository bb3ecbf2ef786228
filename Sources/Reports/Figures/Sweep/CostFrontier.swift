import Analysis
import Records

/// Accuracy against CPU time at a few numbers of labels, a frontier per similarity.
struct CostFrontier {
  private let data: SweepData
  /// The sizes with a panel: the smallest, the largest and one between them, of those where most
  /// similarities were measured with their times.
  private let sizes: [Int]

  private static let (width, height) = (352.0, 300.0)
  /// The most similarities with a frontier of their own in one panel, and the most marks that are
  /// on no frontier in all panels.
  private static let largest = (similarities: 8, marks: 1_000)

  init(_ data: SweepData) {
    self.data = data
    var counts: [Int: Int] = [:]
    for place in data.places where Self.points(place).count > 1 {
      counts[place.place.trainSize, default: 0] += 1
    }
    let most = counts.values.max()
    sizes = SweepData.thinned(
      data.matrix.trainSizes.filter { counts[$0] != nil && counts[$0] == most }, to: 3)
  }

  /// `nil` if no times are known.
  var figure: Figure? {
    guard !sizes.isEmpty else { return nil }
    return Figure(
      id: "cost",
      panels: sizes.map { size in
        FigurePanel(
          subject: "\(FigureText.grouped(size)) labels", finding: finding(size),
          wide: image(size))
      },
      table: table)
  }

  /// What the most accurate frontier strategy costs, in times of the cheapest: the median over
  /// similarities at the largest size that has a panel; `nil` if there is none.
  var costOfAccuracy: (ratio: Double, size: Int)? {
    guard let size = sizes.last, let ratio = ratio(size) else { return nil }
    return (ratio, size)
  }

  private func ratio(_ size: Int) -> Double? {
    let ratios = places(size).compactMap { place -> Double? in
      let front = front(Self.points(place))
      guard let first = front.first, let last = front.last, first.seconds > 0 else { return nil }
      return last.seconds / first.seconds
    }
    return Statistics.quantile(ratios, 0.5)
  }

  private func finding(_ size: Int) -> String {
    guard let ratio = ratio(size) else { return "" }
    return ratio < 1.05
      ? "the cheapest are the best" : "the most accurate cost \(NumberText.threeDigits(ratio))×"
  }

  private struct Point {
    let arm: Arm
    let percent, seconds: Double
  }

  private static func points(_ place: PlaceVerdict) -> [Point] {
    place.cell.arms.compactMap { summary in
      guard let mean = summary.meanAccuracy, let seconds = summary.meanCPUSeconds, seconds > 0
      else { return nil }
      return Point(arm: summary.arm, percent: 100 * mean, seconds: seconds)
    }
  }

  private func places(_ size: Int) -> [PlaceVerdict] {
    SweepData.thinned(
      data.similarities.compactMap { data[$0, size] }, to: Self.largest.similarities)
  }

  /// The most marks at a place that are on no frontier.
  private var mostMarks: Int {
    Self.largest.marks / max(1, sizes.reduce(0) { $0 + places($1).count })
  }

  /// What is not drawn; empty if all is.
  var omission: String {
    var parts: [String] = []
    let all = sizes.map { size in data.similarities.count { data[$0, size] != nil } }.max() ?? 0
    if all > Self.largest.similarities {
      parts.append(
        "\(Self.largest.similarities) of \(FigureText.counted(all, "task")) have a frontier")
    }
    let rest =
      sizes.flatMap(places).map { place in
        let points = Self.points(place)
        return points.count - drawn(points, front(points)).count
      }.max() ?? 0
    if rest > 0 {
      parts.append(
        "up to \(FigureText.counted(rest, "strategy", "strategies")) of a place on no frontier "
          + "are not drawn")
    }
    guard !parts.isEmpty else { return "" }
    return "\(FigureText.capitalized(FigureText.list(parts))); 'tlbench show' prints all."
  }

  /// The points that are drawn: those on the frontier, and some of the others.
  private func drawn(_ points: [Point], _ front: [Point]) -> [Point] {
    let names = Set(front.map(\.arm.name))
    let others = points.indices.filter { !names.contains(points[$0].arm.name) }
    let most = max(2, mostMarks)
    guard others.count > most else { return points }
    let kept = Set(SweepData.thinned(others, to: most))
    return points.indices.filter { kept.contains($0) || names.contains(points[$0].arm.name) }
      .map { points[$0] }
  }

  /// The cheapest strategy, and every dearer one that brings more than the margin.
  private func front(_ points: [Point]) -> [Point] {
    var front: [Point] = []
    for point in points.sorted(by: { ($0.seconds, $1.percent) < ($1.seconds, $0.percent) }) {
      if let last = front.last, point.percent <= last.percent + data.criteria.margin { continue }
      front.append(point)
    }
    return front
  }

  private func image(_ size: Int) -> FigureImage {
    let places = places(size)
    let seconds = places.flatMap(Self.points).map(\.seconds)
    let axes = Axes(
      x: Scale(
        .logarithmic, Scale.logarithmicDomain(seconds, room: 1.6), from: 34, to: Self.width - 66),
      y: Scale(.linear, 0...100, from: Self.height - 40, to: 12),
      left: 34, right: Self.width - 66, top: 12, bottom: Self.height - 40)
    var content = axes.horizontal([0, 25, 50, 75, 100], label: FigureText.short)
    content += axes.logarithmic { "\(FigureText.short($0)) s" }
    content += Plot.text(
      "CPU time of training, one thread", (axes.left + axes.right) / 2, Self.height - 5, "axis",
      anchor: "middle")
    var marks = Markup.empty
    var ends: [(name: String, y: Double)] = []
    for place in places {
      let points = Self.points(place)
      let front = front(points)
      guard let last = front.last else { continue }
      content += Plot.path(steps(front, axes), "front")
      ends.append((place.place.similarity.label, axes.y(last.percent)))
      marks += Markup(
        drawn(points, front).map { point in
          mark(point, place, isOn: front.contains { $0.arm.name == point.arm.name }, axes)
        })
    }
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Accuracy against CPU time at \(FigureText.grouped(size)) labels, a frontier per "
        + "similarity: \(finding(size)).",
      content: content + marks + labels(ends, axes))
  }

  private func steps(_ front: [Point], _ axes: Axes) -> String {
    var path = "M\(axes.x(front[0].seconds).px),\(axes.y(front[0].percent).px)"
    for point in front.dropFirst() {
      path += "H\(axes.x(point.seconds).px)V\(axes.y(point.percent).px)"
    }
    return path + "H\(axes.right.px)"
  }

  private func mark(_ point: Point, _ place: PlaceVerdict, isOn: Bool, _ axes: Axes) -> Markup {
    let style = data.styles[point.arm]
    let (x, y) = (axes.x(point.seconds), axes.y(point.percent))
    let text =
      "\(point.arm.name), \(FigureText.place(place.place)): "
      + "\(FigureText.decimal(point.percent)) % for \(FigureText.seconds(point.seconds))"
      + (isOn ? ", on the frontier" : "")
    let dot = style.marker.markup(
      x, y, size: isOn ? 4.2 : 3, style: "dot \(style.key)" + (isOn ? "" : " off"))
    return Plot.series(style.key, Plot.pointed(text, dot + Plot.circle(x, y, 7, "target")))
  }

  private func labels(_ ends: [(name: String, y: Double)], _ axes: Axes) -> Markup {
    let placed = LabelSpread.positions(
      ends.map(\.y), distance: 13, within: (axes.top + 4)...(axes.bottom - 4))
    return Markup(
      zip(ends, placed).map { end, y in
        let leader = [PlotPoint(x: axes.right, y: end.y), PlotPoint(x: axes.right + 9, y: y)]
        let name = end.name.count > 8 ? end.name.prefix(7) + "…" : end.name
        return Plot.path(leader.line, "front")
          + Plot.text(String(name), axes.right + 12, y + 4, "label")
      })
  }

  private var table: DataTable {
    let places = sizes.flatMap(self.places)
    return DataTable(
      "cost", ["similarity", "labels#", "strategy", "accuracy %#", "CPU s#", "on the frontier"],
      count: places.reduce(0) { $0 + Self.points($1).count },
      rows: places.lazy.flatMap(rows))
  }

  private func rows(_ place: PlaceVerdict) -> [[String]] {
    let points = Self.points(place)
    let front = Set(front(points).map(\.arm.name))
    return points.map { point in
      [
        place.place.similarity.label, "\(place.place.trainSize)", point.arm.name,
        FigureText.decimal(point.percent, 2), NumberText.fourDigits(point.seconds),
        front.contains(point.arm.name) ? "yes" : "",
      ]
    }
  }
}
