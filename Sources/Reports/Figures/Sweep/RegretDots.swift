import Analysis
import Records

/// Advisors by their mean regret, with intervals, the best constant strategy as a line.
struct RegretDots {
  /// One advisor on the scoreboard.
  struct Row {
    let score: PolicyScore
    let regret: Double
    let name: String
    let note: String
    let kind: Kind
  }

  enum Kind: String {
    /// Fitted to measurements, and scored where it has seen none.
    case fit
    case rule
    /// Advises the same strategy everywhere.
    case constant = "const"

    var marker: Marker {
      switch self {
      case .fit: .diamond
      case .rule: .circle
      case .constant: .square
      }
    }
  }

  private let data: SweepData
  /// The advisors with a regret, the least regret first.
  let rows: [Row]

  init(_ data: SweepData) {
    self.data = data
    let count = data.validation.scoreboard.cellCount
    rows = data.validation.scoreboard.scores.compactMap { score -> Row? in
      guard let regret = score.meanRegret else { return nil }
      let isConstant = score.policy.hasPrefix("always-")
      let kind: Kind = score.heldOut != .nothing ? .fit : isConstant ? .constant : .rule
      var note = score.heldOut == .nothing ? "" : "\(score.heldOut.rawValue) left out"
      if score.cellCount < count {
        note = "\(FigureText.grouped(score.cellCount)) of \(FigureText.counted(count, "place"))"
      }
      return Row(
        score: score, regret: regret, name: Self.name(score.policy), note: note, kind: kind)
    }
    .enumerated().sorted { ($0.element.regret, $0.offset) < ($1.element.regret, $1.offset) }
    .map(\.element)
  }

  /// `nil` if no advisor can be scored.
  var figure: Figure? {
    guard !rows.isEmpty else { return nil }
    return Figure(
      id: "advisors",
      panels: [
        plot.panel("Mean regret of every advisor in points with its 95 % interval, smallest first.")
      ],
      table: table)
  }

  /// The constant strategy with the least regret, of those that were measured at every scored
  /// place.
  var bestConstant: Row? {
    let count = data.validation.scoreboard.cellCount
    return rows.first { $0.kind == .constant && $0.score.cellCount == count }
  }

  private static let names = [
    "rule-table": "the rule table", "rule-table-probe": "the rule table, head solved",
    "rule-table-tuned": "the rule table, rates tuned",
    "cs231n": "CS231n’s four cases", "cs231n-top": "CS231n’s cases, top classifier",
    "nearest-place": "nearest measured place", "measured": "measured advisor",
    "recommend": "tlbench recommend", "recommend-decided": "tlbench recommend, decided",
  ]

  private static func name(_ policy: String) -> String {
    names[policy] ?? policy.replacing("always-", with: "always ")
  }

  private static func isStrong(_ row: Row) -> Bool {
    ["rule-table", "measured"].contains(row.score.policy)
  }

  private var plot: DotPlot {
    let largest = rows.map { $0.score.interval?.upper ?? $0.regret }.filter(\.isFinite).max() ?? 1
    return DotPlot(
      axis: "points of regret",
      columns: ["regret", "within \(FigureText.short(data.criteria.margin)) pt", "cost"],
      rows: rows.map { row in
        DotPlot.Row(
          name: row.name, note: row.note, isStrong: Self.isStrong(row), value: row.regret,
          interval: row.score.interval, marker: row.kind.marker,
          style: "score \(row.kind.rawValue)", whisker: "whisker \(row.kind.rawValue)",
          text: sentence(row),
          columns: [FigureText.regret(row.regret), share(row.score), cost(row.score)])
      },
      domain: 0...(max(largest, 0.1) * 1.03), reference: bestConstant?.regret)
  }

  private func sentence(_ row: Row) -> String {
    let note = row.note.isEmpty ? "" : ", \(row.note)"
    let interval = FigureText.interval(row.score.interval, 2)
    return "\(row.name)\(note): mean regret \(FigureText.decimal(row.regret, 2)) points "
      + "\(interval) over \(FigureText.counted(row.score.cellCount, "place")), within "
      + "\(data.marginText) of the best in \(share(row.score)), \(cost(row.score)) the best "
      + "strategy's CPU time"
  }

  private func share(_ score: PolicyScore) -> String {
    score.shareWithinMargin.map { FigureText.decimal(100 * $0, 0) + " %" } ?? "–"
  }

  private func cost(_ score: PolicyScore) -> String {
    score.costRatio.map { NumberText.threeDigits($0) + "×" } ?? "–"
  }

  private var table: DataTable {
    DataTable(
      "advisors",
      [
        "advisor", "note", "places#", "mean regret, points#", "lower#", "upper#",
        "within \(data.marginText), %#", "CPU time over the best strategy’s#",
      ],
      rows.map(fields))
  }

  private func fields(_ row: Row) -> [String] {
    let interval = row.score.interval
    let lower = interval.map { FigureText.decimal($0.lower, 2) }
    let upper = interval.map { FigureText.decimal($0.upper, 2) }
    let share = row.score.shareWithinMargin.map { FigureText.decimal(100 * $0, 0) }
    let cost = row.score.costRatio.map(NumberText.threeDigits)
    return [
      row.name, row.note, "\(row.score.cellCount)", FigureText.decimal(row.regret, 2),
      lower ?? "", upper ?? "", share ?? "", cost ?? "",
    ]
  }
}
