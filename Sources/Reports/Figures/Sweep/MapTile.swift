import Analysis
import Records

/// The grid of a map, in pixels.
struct MapLayout {
  let isNarrow: Bool
  let left: Double
  let columns, rows: Int

  var width: Double { isNarrow ? 380 : 1112 }
  var top: Double { 46 }
  var gap: Double { isNarrow ? 3 : 4 }
  /// From the left edge of a tile to that of the next one.
  var pitch: Double { min(isNarrow ? 110 : 260, (width - left - 2) / Double(columns)) }
  var pitchY: Double { isNarrow ? 46 : 74 }
  /// The height of a tile.
  var side: Double { pitchY - gap }
  var height: Double { top + Double(rows) * pitchY }

  /// Whether tiles have room for texts and marks.
  var hasMarks: Bool { pitch >= 42 }

  /// The room for the square of a strategy if so many share a tile.
  func squareRoom(for count: Int) -> Double { (pitch - gap - 6) / Double(max(1, count)) }

  /// The least room that shows a square.
  static let leastRoom = 1.5

  func x(_ column: Int) -> Double { left + Double(column) * pitch }
  func y(_ row: Int) -> Double { top + Double(row) * pitchY }
  func middle(_ column: Int) -> Double { x(column) + (pitch - gap) / 2 }
}

/// One place on a map.
struct MapTile {
  let data: SweepData
  let layout: MapLayout
  let column, row: Int

  private var x: Double { layout.x(column) }
  private var y: Double { layout.y(row) }
  private var center: Double { layout.middle(column) }
  private var middle: Double { y + layout.side / 2 }

  /// The tile; an empty frame for a place without measurements.
  func markup(_ place: PlaceVerdict?) -> Markup {
    guard let place, let best = place.best else { return rectangle("absent") }
    let content =
      place.clearWinner.map { clear(place, $0) } ?? open(place, best)
    return Plot.pointed(sentence(place, best), content)
  }

  private func rectangle(_ style: String, fill: String? = nil) -> Markup {
    Plot.rectangle(
      x, y, layout.pitch - layout.gap, layout.side, style, radius: 4, fill: fill)
  }

  private func clear(_ place: PlaceVerdict, _ winner: ArmSummary) -> Markup {
    let key = data.styles[winner.arm].key
    let lead = place.lead.map { "leads by \(FigureText.decimal($0))" } ?? ""
    let lines = [
      (fitting(winner.arm.name), "name"), (percent(winner), "value"),
      (layout.isNarrow ? "" : lead, "small"),
    ]
    return rectangle("tile \(key)") + texts(lines, from: layout.isNarrow ? -3 : -10, "on \(key)")
      + mark(place, "on \(key)")
  }

  private func open(_ place: PlaceVerdict, _ best: ArmSummary) -> Markup {
    let isDecided = !place.supported.isEmpty
    let families = Set(place.supported.map(\.arm.strategy))
    var content = rectangle(tint(place, families))
    if !isDecided {
      content += rectangle("hatch", fill: "url(#hatch)")
    }
    let lines = [(word(place, families), "name"), (percent(best), "value")]
    return content + texts(lines, from: layout.isNarrow ? -6 : -12, "ink") + squares(place)
      + mark(place, "ink")
  }

  private func tint(_ place: PlaceVerdict, _ families: Set<Strategy>) -> String {
    guard let family = families.first, families.count == 1, !place.nothingLearns else {
      return "plain"
    }
    return "tint \(StrategyStyle.key(family, in: data.styles))"
  }

  private func word(_ place: PlaceVerdict, _ families: Set<Strategy>) -> String {
    let supported = place.supported
    if place.nothingLearns { return "guessing" }
    if supported.isEmpty { return layout.isNarrow ? "open" : "undecided" }
    if supported.count == 1 { return fitting(supported[0].arm.name) }
    if let family = families.first, families.count == 1, !supported[0].arm.isNameOnly {
      return fitting(family.rawValue)
    }
    return "any of \(supported.count)"
  }

  /// The name of a strategy, or its short form if the tile is narrow.
  private func fitting(_ name: String) -> String {
    Double(name.count) * 7.2 + 8 <= layout.pitch - layout.gap ? name : data.styles[name].short
  }

  private func percent(_ summary: ArmSummary) -> String {
    summary.meanAccuracy.map { FigureText.decimal(100 * $0) + " %" } ?? ""
  }

  /// Lines of text in the middle of the tile, as many as its width has room for.
  private func texts(_ lines: [(String, String)], from offset: Double, _ style: String) -> Markup {
    guard layout.hasMarks else { return .empty }
    let distances = layout.isNarrow ? [0.0, 14] : [0.0, 17, 33]
    return Markup(
      zip(lines, distances).filter { !$0.0.0.isEmpty }.map { line, distance in
        Plot.text(
          line.0, center, middle + offset + distance, "\(line.1) \(style)", anchor: "middle")
      })
  }

  /// A square per strategy, always in its own position: full if it is supported, hollow if it is
  /// undecided, and a dot if it is refuted; none on a tile that is too narrow to tell them apart.
  private func squares(_ place: PlaceVerdict) -> Markup {
    guard layout.hasMarks else { return .empty }
    let arms = data.styles.arms
    let room = layout.squareRoom(for: arms.count)
    guard room >= MapLayout.leastRoom else { return .empty }
    let pitch = min(layout.isNarrow ? 7.6 : 12.5, room)
    let size = pitch * 0.73
    let start = center - (Double(arms.count) * pitch - (pitch - size)) / 2
    let top = middle + (layout.isNarrow ? 11.5 : 14)
    return Markup(
      zip(arms, place.verdicts).enumerated().map { index, pair -> Markup in
        let key = data.styles[pair.0].key
        let left = start + Double(index) * pitch
        switch pair.1 {
        case .supported: return Plot.rectangle(left, top, size, size, "tile \(key)", radius: 1.5)
        case .undecided:
          return Plot.rectangle(
            left + 0.6, top + 0.6, size - 1.2, size - 1.2, "hollow \(key)", radius: 1.2)
        case .refuted: return Plot.circle(left + size / 2, top + size / 2, 1.1, "out")
        case .notMeasured, .nothingLearns, .ceiling: return .empty
        }
      })
  }

  /// Whether the rule's advice holds here, in the corner.
  private func mark(_ place: PlaceVerdict, _ style: String) -> Markup {
    let signs: [Verdict: String] = [.supported: "✓", .refuted: "✗"]
    guard layout.hasMarks, let sign = data.advice(at: place.place).flatMap({ signs[$0.verdict] })
    else { return .empty }
    let inset = layout.isNarrow ? (x: 3.0, y: 11.0) : (x: 6.0, y: 16.0)
    return Plot.text(
      sign, x + layout.pitch - layout.gap - inset.x, y + inset.y, "mark \(style)", anchor: "end")
  }

  static func result(_ place: PlaceVerdict) -> String {
    if place.nothingLearns { return "not shown to be better than guessing" }
    if place.clearWinner != nil { return "clear winner" }
    return place.supported.isEmpty ? "undecided" : "shown to be close to the best"
  }

  private func sentence(_ place: PlaceVerdict, _ best: ArmSummary) -> String {
    let subject = FigureText.place(place.place)
    let accuracy = FigureText.accuracy(best)
    let others = place.undecided.map(\.arm.name)
    let open =
      others.isEmpty
      ? "" : "; not decided: \(FigureText.firstNames(others).joined(separator: ", "))"
    let supported = place.supported
    let found: String
    if place.nothingLearns {
      found =
        "no strategy is shown to be better than guessing; \(best.arm.name) is highest with "
        + accuracy
    } else if let winner = place.clearWinner {
      let lead = place.lead.map { ", \(FigureText.decimal($0)) points ahead of the next" } ?? ""
      found = "\(winner.arm.name) wins with \(FigureText.accuracy(winner))\(lead)"
    } else if supported.isEmpty {
      found = "\(best.arm.name) is highest with \(accuracy)\(open)"
    } else {
      let names = FigureText.list(FigureText.firstNames(supported.map(\.arm.name)))
      let cheapest =
        supported.count > 1
        ? place.cheapestSupported.map { "; \($0.arm.name) is the cheapest" } ?? "" : ""
      found =
        "\(names) \(supported.count == 1 ? "is" : "are") shown to be within \(data.marginText) "
        + "of the best (\(best.arm.name), \(accuracy))\(cheapest)\(open)"
    }
    let advice = data.advice(at: place.place).map {
      ". The rules advise \($0.rule.arm.name): \($0.verdict.rawValue)"
    }
    return "\(subject): \(found)\(advice ?? "")"
  }
}
