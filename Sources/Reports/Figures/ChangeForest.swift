import Analysis
import Records

/// The changes of one metric between a baseline and new results, the worst first.
struct ChangeForest {
  private let metric: BaselineMetric
  private let rows: [BaselineComparison]
  private let kinds: [BaselinePlace: BaselineChange.Kind]

  /// The most rows of the picture.
  private static let largestCount = 40

  init(_ metric: BaselineMetric, _ check: BaselineCheck) {
    self.metric = metric
    let sign = metric.isBetterIfLarger ? 1.0 : -1
    rows = check.comparisons.filter { $0.figure == metric }
      .sorted { sign * ($0.after - $0.before) < sign * ($1.after - $1.before) }
    let changes = check.changes.filter { $0.what == metric.rawValue }
    kinds = Dictionary(changes.map { ($0.place, $0.kind) }) { first, _ in first }
  }

  private var title: String {
    switch metric {
    case .accuracy: "accuracy, points"
    case .flops: "operations, %"
    case .memory: "memory, %"
    case .time: "CPU time, %"
    }
  }

  /// The figure: all changes of accuracy, and of the other metrics those that count; `nil` if there
  /// are none.
  var figure: Figure? {
    let counted = metric == .accuracy ? rows : rows.filter { kinds[$0.place] != nil }
    guard !counted.isEmpty else { return nil }
    let shown = counted.prefix(Self.largestCount)
    let allowance = shown.map { percent($0, $0.allowance) }.max() ?? 0
    let ends = shown.flatMap { row -> [Double] in
      let ends = [row.after - row.before, row.interval?.lower, row.interval?.upper]
      return ends.compactMap { $0 }.map { percent(row, $0) }
    }.filter(\.isFinite)
    let reach = max(allowance, ends.map(\.magnitude).max() ?? 1) * 1.05
    let plot = DotPlot(
      axis: "change of \(title)", columns: ["change", "before", "after"],
      rows: shown.map(dots), domain: -reach...max(reach, 1e-9), names: 380, reference: 0,
      shaded: -allowance...allowance)
    return Figure(
      id: "changes-\(metric.rawValue)",
      panels: [
        plot.panel(
          "Change of \(title) since the baseline with its 95 % interval, the worst first; what is "
            + "tolerated is shaded.")
      ],
      table: table)
  }

  /// A number as points, or in percent of the baseline.
  private func percent(_ row: BaselineComparison, _ value: Double) -> Double {
    if metric == .accuracy { return 100 * value }
    return row.before == 0 ? 0 : 100 * value / row.before
  }

  private func dots(_ row: BaselineComparison) -> DotPlot.Row {
    let kind = kinds[row.place]
    let style: String =
      switch kind {
      case .worse: "v-refuted"
      case .better: "v-supported"
      default: "v-undecided"
      }
    let change = percent(row, row.after - row.before)
    let sign = change > 0 ? "+" : ""
    let name = Self.name(row.place)
    return DotPlot.Row(
      name: name, note: kind?.rawValue ?? "", isStrong: kind == .worse, value: change,
      interval: row.interval.map {
        ConfidenceInterval(lower: percent(row, $0.lower), upper: percent(row, $0.upper))
      },
      marker: .circle, style: style, whisker: "whisker \(style)",
      text: "\(name): \(title) \(sign)\(FigureText.decimal(change, 2)) "
        + (kind?.rawValue ?? "within what is tolerated"),
      columns: [
        sign + FigureText.decimal(change, 2), value(row.before), value(row.after),
      ])
  }

  private func value(_ number: Double) -> String {
    switch metric {
    case .accuracy: FigureText.decimal(100 * number) + " %"
    case .flops: Quantity.flops(number)
    case .memory: Quantity.bytes(number)
    case .time: NumberText.threeDigits(number) + " s"
    }
  }

  static func name(_ place: BaselinePlace) -> String {
    let parts = [
      place.arm, place.similarity?.label ?? "all similarities",
      place.trainSize.map(FigureText.grouped) ?? "all sizes",
      place.depth.map { "depth \($0)" } ?? "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private var table: DataTable {
    DataTable(
      "changes-\(metric.rawValue)",
      [
        "result", "strategy", "similarity", "labels#", "depth#", "before#", "after#", "lower#",
        "upper#", "allowed#",
      ],
      count: rows.count, rows: rows.lazy.map(fields))
  }

  private func fields(_ row: BaselineComparison) -> [String] {
    let place = row.place
    let lower = row.interval.map { number($0.lower) }
    let upper = row.interval.map { number($0.upper) }
    return [
      kinds[place]?.rawValue ?? "unchanged", place.arm, place.similarity?.label ?? "all",
      place.trainSize.map { "\($0)" } ?? "all", place.depth.map { "\($0)" } ?? "",
      number(row.before), number(row.after), lower ?? "", upper ?? "", number(row.allowance),
    ]
  }

  private func number(_ value: Double) -> String { "\(NumberText.rounded(value))" }
}
