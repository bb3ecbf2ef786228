import Analysis
import Records

/// Accuracy over the number of transferred groups, a panel per similarity and size.
struct DepthCurveFigure {
  private let curves: [DepthCurve]
  private let styles: StrategyStyles
  private let chance: Double?

  private static let largestCount = 12
  private static let (width, height) = (352.0, 306.0)

  init(_ results: SweepResults) {
    curves = DepthCurve.all(of: results)
    styles = StrategyStyles(results.plan.arms, hasDepths: true)
    chance = results.provenance.chance
  }

  /// `nil` if nothing was measured.
  var figure: Figure? {
    let measured = curves.filter { curve in
      curve.arms.contains { $0.contains { $0.completedCount > 0 } }
    }
    guard !measured.isEmpty else { return nil }
    return Figure(
      id: "depth", legend: styles.legend,
      panels: SweepData.thinned(measured, to: Self.largestCount).map { curve in
        FigurePanel(
          subject: "\(FigureText.subject(curve.similarity)), "
            + "\(FigureText.grouped(curve.trainSize)) labels",
          finding: finding(curve), wide: image(curve))
      },
      table: table)
  }

  /// What frozen transfer loses from the first to the last depth.
  private func finding(_ curve: DepthCurve) -> String {
    guard let falls = curve.falls(of: .transferFrozen),
      let fall = Statistics.mean(falls.compactMap { $0 })
    else { return "" }
    return fall < 0
      ? "frozen transfer gains \(FigureText.decimal(-fall)) points"
      : "frozen transfer loses \(FigureText.decimal(fall)) points"
  }

  private func image(_ curve: DepthCurve) -> FigureImage {
    let depths = curve.depths.map(Double.init)
    let (first, last) = (depths.first ?? 0, max(depths.last ?? 1, (depths.first ?? 0) + 1))
    let axes = Axes(
      x: Scale(.linear, first...last, from: 42, to: Self.width - 70),
      y: Scale(.linear, 0...100, from: Self.height - 48, to: 12),
      left: 34, right: Self.width - 62, top: 12, bottom: Self.height - 48)
    var content = axes.horizontal([0, 25, 50, 75, 100], label: FigureText.short)
    content += axes.linear(depths, label: FigureText.short)
    content += Plot.text(
      "groups of layers transferred", (axes.left + axes.right) / 2, Self.height - 8, "axis",
      anchor: "middle")
    if let chance {
      let y = axes.y(100 * chance)
      content += Plot.line(from: (axes.left, y), to: (axes.right, y), "chance")
    }
    content += specificity(curve, axes)
    var lines = Markup.empty
    var ends: [(name: String, key: String, at: PlotPoint)] = []
    for summaries in curve.arms {
      guard let arm = summaries.first?.arm else { continue }
      let line = CurveLine(style: styles[arm], axes: axes, items: items(summaries, curve))
      content += line.band
      lines += line.markup
      if let end = line.points.last { ends.append((arm.name, styles[arm].key, end)) }
    }
    let subject = FigureText.subject(curve.similarity)
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Accuracy over the number of transferred groups at \(subject) with "
        + "\(FigureText.grouped(curve.trainSize)) labels, a line per treatment: \(finding(curve)).",
      content: content + lines + CurveLine.labels(ends, axes))
  }

  private func items(_ summaries: [ArmSummary], _ curve: DepthCurve) -> [CurveLine.Item] {
    zip(curve.depths, summaries).compactMap { depth, summary in
      CurveLine.Item(summary, x: Double(depth), at: "\(FigureText.counted(depth, "group"))")
    }
  }

  /// The area between frozen layers of the source and of the task itself: how specific the source's
  /// are.
  private func specificity(_ curve: DepthCurve, _ axes: Axes) -> Markup {
    func points(_ arm: Arm) -> [PlotPoint] {
      guard let summaries = curve.arms.first(where: { $0.first?.arm == arm }) else { return [] }
      return items(summaries, curve).map { PlotPoint(x: axes.x($0.x), y: axes.y($0.mean)) }
    }
    let (own, source) = (points(.selfFrozen), points(.transferFrozen))
    guard own.count > 1, own.count == source.count else { return .empty }
    return Plot.path((own + source.reversed()).line + "Z", "specificity")
  }

  private var table: DataTable {
    var rows: [[String]] = []
    for curve in curves {
      for summaries in curve.arms {
        for (depth, summary) in zip(curve.depths, summaries) where summary.completedCount > 0 {
          rows.append(row(curve, depth, summary))
        }
      }
    }
    return DataTable(
      "depth",
      [
        "similarity", "labels#", "depth#", "treatment", "replicates#", "accuracy %#", "±#",
        "CPU s#",
      ], rows)
  }

  private func row(_ curve: DepthCurve, _ depth: Int, _ summary: ArmSummary) -> [String] {
    let mean = summary.meanAccuracy.map { FigureText.decimal(100 * $0, 2) }
    let half = summary.accuracyHalfWidth.map { FigureText.decimal(100 * $0, 2) }
    let seconds = summary.meanCPUSeconds.map(NumberText.fourDigits)
    return [
      curve.similarity.label, "\(curve.trainSize)", "\(depth)", summary.arm.name,
      "\(summary.completedCount)", mean ?? "", half ?? "", seconds ?? "",
    ]
  }
}
