import Analysis
import Records

/// The regret of one piece of advice at each of its places, on an axis that strips have in common.
struct IntervalStrip {
  /// The values that the axis has room for, in points.
  let domain: ClosedRange<Double>
  let margin: Double

  static let width = 300.0
  static let height = 38.0

  /// - Parameter verdicts: All that will be drawn on the common axis.
  init(_ verdicts: [RuleVerdict], margin: Double) {
    self.margin = max(margin, 0.1)
    let points = verdicts.compactMap { $0.regret?.points }.filter(\.isFinite)
    domain = min(-2, (points.min() ?? 0) * 1.2)...max(2, (points.max() ?? 0) * 1.2)
  }

  /// The most marks of a strip.
  private static let largestCount = 60

  private var scale: Scale {
    Scale(.inverseSine(threshold: margin), domain, from: 6, to: Self.width - 6)
  }

  /// The labels of the axis: signed powers of ten, and the ends of the data if they are apart.
  var axis: FigureImage {
    let ticks = [-100.0, -10, -1, 0, 1, 10, 100].filter { domain.contains($0) }
    let content = Markup(
      ticks.map { value in
        let text = (value > 0 ? "+" : "") + FigureText.short(value)
        return Plot.text(text, scale(value), 11, "tick", anchor: "middle")
      })
    return FigureImage(
      width: Self.width, height: 15, label: "Axis of the regret in points", content: content,
      style: "strip")
  }

  /// The marks of one piece of advice.
  ///
  /// - Parameter name: What the advice is called, for the picture in words.
  func image(_ verdicts: [RuleVerdict], of name: String) -> FigureImage {
    let all = verdicts.filter { $0.regret != nil }
      .sorted { ($0.regret?.points ?? 0) < ($1.regret?.points ?? 0) }
    let known = SweepData.thinned(all, to: Self.largestCount)
    let middle = Self.height / 2
    var content =
      Plot.rectangle(0, 4, scale(margin), Self.height - 8, "good", radius: 3)
      + Plot.line(from: (scale(0), 2), to: (scale(0), Self.height - 2), "axisline")
    let lanes = lanes(known.map { scale($0.regret?.points ?? 0) })
    for (verdict, lane) in zip(known, lanes) {
      content += mark(verdict, y: middle + Double(lane) * 6.4)
    }
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Regret of \(name) at \(FigureText.counted(all.count, "place"))"
        + (known.count < all.count
          ? ", of which \(known.count) are shown, from the least to the largest" : ""),
      content: content, style: "strip")
  }

  /// For each mark the free lane nearest to the middle, of five; the middle if none is free.
  private func lanes(_ positions: [Double]) -> [Int] {
    var lanes: [Int] = []
    for (index, x) in positions.enumerated() {
      let taken = (0..<index).filter { abs(positions[$0] - x) < 8.5 }.map { lanes[$0] }
      lanes.append([0, -1, 1, -2, 2].first { !taken.contains($0) } ?? 0)
    }
    return lanes
  }

  private func mark(_ verdict: RuleVerdict, y: Double) -> Markup {
    guard let regret = verdict.regret else { return .empty }
    let style = "v-\(verdict.verdict.rawValue.replacing(" ", with: "-"))"
    let x = scale(regret.points)
    var content = Markup.empty
    if let interval = regret.interval {
      content += Plot.line(
        from: (scale(interval.lower), y), to: (scale(interval.upper), y), "whisker \(style)")
    }
    switch verdict.verdict {
    case .supported: content += Plot.circle(x, y, 3.4, style)
    case .refuted:
      let (low, high) = (-3.2, 3.2)
      let falling = [PlotPoint(x: x + low, y: y + low), PlotPoint(x: x + high, y: y + high)]
      let rising = [PlotPoint(x: x + high, y: y + low), PlotPoint(x: x + low, y: y + high)]
      content += Plot.path(falling.line + rising.line, style)
    case .undecided, .notMeasured, .nothingLearns, .ceiling:
      content += Plot.circle(x, y, 3.1, style)
    }
    let place = FigureText.place(verdict.cell.place)
    let text =
      "\(place): regret \(FigureText.decimal(regret.points)) points "
      + "\(FigureText.interval(regret.interval)) behind \(regret.rival.name), "
      + verdict.verdict.rawValue
    return Plot.pointed(text, content + Plot.circle(x, y, 7, "target"))
  }
}
