import Analysis
import Records

/// The verdicts on the rules under test, with their regret at every place.
struct RulesTable {
  private let data: SweepData
  private let strip: IntervalStrip

  init(_ data: SweepData) {
    self.data = data
    strip = IntervalStrip(data.testedRules.flatMap(\.cells), margin: data.criteria.margin)
  }

  /// The tested rules as a table in which every row has its strip.
  var markup: Markup {
    let titles = ["rule", "advice", "verdict", "places", "regret by place, points", "mean regret"]
    let head = titles.map { title -> Markup in
      let isNumeric = ["places", "mean regret"].contains(title)
      let axis = title.hasPrefix("regret by") ? strip.axis.markup() : .empty
      return Markup.element(
        "th", ["scope": "col", "class": isNumeric ? "n" : nil], Markup.text(title) + axis)
    }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "verdicts"],
        Markup.element("thead", [:], Markup.element("tr", [:], Markup(head)))
          + Markup.element("tbody", [:], Markup(data.testedRules.map(row)))))
  }

  private func row(_ judgement: RuleJudgement) -> Markup {
    let overall = judgement.overall
    let name = Self.name(judgement.rule.id)
    let heading = Markup.text(name.title) + Markup.element("small", [:], Markup.text(name.place))
    let arm = judgement.rule.arm.name
    let mean = overall.mean.map { FigureText.decimal($0) } ?? "–"
    return Markup.element(
      "tr", [:],
      Markup.element("th", ["scope": "row"], heading)
        + SimpleTable.cell(
          data.styles.swatch(arm) + Markup.element("code", [:], Markup.text(arm)), "advice")
        + SimpleTable.cell(SimpleTable.chip(overall.verdict), "verdict")
        + SimpleTable.cell(SimpleTable.counts(overall), "places", isNumeric: true)
        + Markup.element(
          "td", ["class": "plot", "data-label": "regret by place"],
          strip.image(judgement.cells, of: "the rule \(judgement.rule.id)").markup())
        + SimpleTable.cell(
          SimpleTable.number(mean, FigureText.interval(overall.interval)), "mean regret",
          isNumeric: true))
  }

  /// The strips as a figure, with a row per rule and place in its table.
  var figure: Figure {
    Figure(id: "rules", legend: markup, panels: [], table: table, alone: alone)
  }

  private var alone: FigureImage {
    let (left, row) = (300.0, IntervalStrip.height + 6)
    var content = nested(strip.axis, x: left, y: 0)
    for (index, judgement) in data.testedRules.enumerated() {
      let y = 20 + Double(index) * row
      let name = Self.name(judgement.rule.id)
      content += Plot.text(name.title, 0, y + 16, "name") + Plot.text(name.place, 0, y + 32, "dim")
      content += nested(
        strip.image(judgement.cells, of: judgement.rule.id), x: left, y: y)
      content += Plot.text(
        judgement.overall.verdict.rawValue, left + IntervalStrip.width + 14, y + 24, "value")
    }
    return FigureImage(
      width: left + IntervalStrip.width + 110,
      height: 26 + Double(data.testedRules.count) * row,
      label: "Regret of every rule by place", content: content)
  }

  private func nested(_ image: FigureImage, x: Double, y: Double) -> Markup {
    Markup.element(
      "svg", ["x": x.px, "y": y.px, "width": image.width.px, "height": image.height.px],
      image.content)
  }

  private var table: DataTable {
    let rules = data.testedRules
    return DataTable(
      "rules",
      [
        "rule", "similarity", "labels#", "advice", "best other", "regret, points#", "lower#",
        "upper#", "verdict", "more replicates#",
      ],
      count: rules.reduce(0) { $0 + $1.cells.count },
      rows: rules.lazy.flatMap { judgement in judgement.cells.lazy.map(fields) })
  }

  private func fields(_ cell: RuleVerdict) -> [String] {
    let regret = cell.regret.map { FigureText.decimal($0.points, 2) }
    let lower = cell.regret?.interval.map { FigureText.decimal($0.lower, 2) }
    let upper = cell.regret?.interval.map { FigureText.decimal($0.upper, 2) }
    return [
      cell.rule.id, cell.cell.similarity.label, "\(cell.cell.trainSize)", cell.rule.arm.name,
      cell.regret?.rival.name ?? "", regret ?? "", lower ?? "", upper ?? "",
      cell.verdict.rawValue, cell.additionalReplicates.map { "\($0)" } ?? "",
    ]
  }

  private static func name(_ id: String) -> (title: String, place: String) {
    switch id {
    case "small-high": ("Small and similar", "< 1,000 labels, high similarity")
    case "small-other": ("Small and less similar", "< 1,000 labels, medium or low")
    case "medium-any": ("Medium", "1,000–10,000 labels, any similarity")
    case "large-similar": ("Large and similar", "> 10,000 labels, high or medium")
    case "large-low": ("Large and different", "10,000–100,000 labels, low")
    case "very-large-low": ("Very large and different", "> 100,000 labels, low")
    default: (id, "")
    }
  }
}

/// The verdicts on the general claims.
struct ClaimsTable {
  private let data: SweepData

  init(_ data: SweepData) { self.data = data }

  /// The claims that the sweep tests.
  private var claims: [ClaimJudgement] {
    data.validation.claims.filter { $0.overall.verdict != .notMeasured }
  }

  /// `nil` if the sweep tests none.
  var markup: Markup? {
    guard !claims.isEmpty else { return nil }
    let rows = claims.map { judgement -> [Markup] in
      let overall = judgement.overall
      let unit = judgement.claim.measure.unit
      return [
        Markup.text(FigureText.capitalized(judgement.claim.wording)),
        SimpleTable.chip(overall.verdict), SimpleTable.counts(overall),
        SimpleTable.number(effect(overall.mean, unit), effects(overall.interval, unit)),
      ]
    }
    return SimpleTable(["claim", "verdict", "places#", "mean effect#"], cells: rows).markup
  }

  /// What cannot be told, by the number of claims; empty if all are tested.
  var omission: String {
    let missing = data.validation.claims.count - claims.count
    guard missing > 0 else { return "" }
    return " \(FigureText.capitalized(FigureText.counted(missing, "claim"))) of "
      + "\(data.validation.claims.count) cannot be tested by these strategies."
  }

  private func effect(_ value: Double?, _ unit: ClaimUnit) -> String {
    guard let value else { return "–" }
    if unit == .logarithmOfRatio {
      return NumberText.threeDigits(NumberText.exponential(value)) + "×"
    }
    return (value > 0 ? "+" : "") + FigureText.regret(value) + " pt"
  }

  private func effects(_ interval: ConfidenceInterval?, _ unit: ClaimUnit) -> String {
    guard let interval else { return "" }
    guard unit == .logarithmOfRatio else { return FigureText.interval(interval) }
    let ends = [interval.lower, interval.upper].map {
      NumberText.threeDigits(NumberText.exponential($0))
    }
    return "[\(ends.joined(separator: ", "))]"
  }
}
