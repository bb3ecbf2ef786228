import Records

/// How a strategy looks in every figure of a report.
struct StrategyStyle: Sendable, Hashable {
  /// The class of its colour: `a0` to `a5`, or `ax` for grey.
  let key: String
  let marker: Marker
  /// A name of at most nine characters, for narrow figures.
  let short: String
  /// What it does, in a few words; `nil` if only the name is known.
  let meaning: String?

  /// The class of the colour of a family as a whole: that of its second strategy if it is feature
  /// extraction, which is the stronger one, and else that of its first.
  static func key(_ family: Strategy, in styles: StrategyStyles) -> String {
    let keys = styles.arms.filter { $0.strategy == family }.map { styles[$0].key }
    let wanted = family == .featureExtraction ? keys.dropFirst().first : keys.first
    return wanted ?? keys.first ?? "ax"
  }
}

/// The looks of the strategies of a plan.
///
/// Warm colours are for strategies that freeze the backbone, blue ones for fine-tuning, and the
/// colour of the text for training from scratch; shapes double the colours. Six strategies have a
/// colour, further ones are grey.
struct StrategyStyles: Sendable {
  private let styles: [String: StrategyStyle]
  let arms: [Arm]

  init(_ arms: [Arm], hasDepths: Bool = false) {
    self.arms = arms
    var free = ["a0", "a1", "a2", "a3", "a4", "a5"]
    var keys: [Int: String] = [:]
    func take(_ index: Int, _ wanted: [String]) {
      guard keys[index] == nil, let key = free.first(where: wanted.contains) else { return }
      keys[index] = key
      free.removeAll { $0 == key }
    }
    for (index, arm) in arms.enumerated() {
      take(index, hasDepths ? Self.depthColours(arm) : Self.colours(of: arm.strategy))
    }
    for index in arms.indices { take(index, free) }
    var styles: [String: StrategyStyle] = [:]
    for (index, arm) in arms.enumerated() {
      styles[arm.name] = StrategyStyle(
        key: keys[index] ?? "ax", marker: Self.marker(keys[index], index),
        short: Self.short(arm.name), meaning: Self.meaning(of: arm))
    }
    self.styles = styles
  }

  /// At most so many strategies, in the order of the plan: those with a colour before others.
  func first(_ count: Int) -> [Arm] {
    guard arms.count > count else { return arms }
    let coloured = arms.filter { self[$0].key != "ax" }
    let others = arms.lazy.filter { self[$0].key == "ax" }.prefix(max(0, count - coloured.count))
    let kept = Set((coloured + others).map(\.name))
    return arms.filter { kept.contains($0.name) }
  }

  subscript(arm: Arm) -> StrategyStyle { self[arm.name] }

  subscript(name: String) -> StrategyStyle {
    styles[name]
      ?? StrategyStyle(key: "ax", marker: .circle, short: Self.short(name), meaning: nil)
  }

  private static func colours(of family: Strategy) -> [String] {
    switch family {
    case .featureExtraction: ["a0", "a1"]
    case .fineTuning: ["a2", "a3", "a4"]
    case .fromScratch: ["a5"]
    }
  }

  /// Frozen transfer is warm; what is trained further has the lighter colour of the pair.
  private static func depthColours(_ arm: Arm) -> [String] {
    switch (arm.source, arm.frozenGroups.isEmpty) {
    case (.pretrained, false): ["a1"]
    case (.pretrained, true): ["a0"]
    case (.sameTask, false): ["a2"]
    case (.sameTask, true): ["a3"]
    }
  }

  private static func marker(_ key: String?, _ index: Int) -> Marker {
    let shapes = Marker.allCases
    guard let key, let digit = key.last?.wholeNumberValue else {
      return shapes[index % shapes.count]
    }
    return shapes[digit]
  }

  private static let shortNames = [
    "feature-extraction": "extract", "feature-extraction-tuned": "extract+",
    "hidden-layer-tuned": "hidden+", "linear-probe": "probe", "fine-tuning": "tune",
    "fine-tuning-all": "tune-all", "fine-tuning-at-once": "tune-once",
    "fine-tuning-tuned": "tuned", "fine-tuning-one-rate": "one-rate",
    "from-scratch": "scratch", "from-scratch-tuned": "scratch+", "ensemble-tuned": "ensemble",
  ]

  private static func short(_ name: String) -> String {
    shortNames[name] ?? (name.count > 9 ? name.prefix(8) + "…" : name)
  }

  private static let meanings = [
    "feature-extraction": "everything frozen, a new head trained as usual",
    "feature-extraction-tuned": "everything frozen, a new head at the best of three rates",
    "hidden-layer-tuned": "everything frozen, a head with a hidden layer, the best of three rates",
    "linear-probe": "everything frozen, the head solved to convergence",
    "fine-tuning": "head first, then all but the early layers",
    "fine-tuning-all": "head first, then every layer, lower rates below",
    "fine-tuning-at-once": "every layer and the head at the same time",
    "fine-tuning-one-rate": "from a solved head, one rate for every layer",
    "fine-tuning-tuned": "from a solved head, the best of three rates",
    "from-scratch": "the same network from random weights",
    "from-scratch-tuned": "from random weights, the best of three rates",
    "ensemble-tuned": "the mean probability of the strategies that help it",
    "AnB": "first groups from the source task, frozen",
    "AnB+": "first groups from the source task, trained further",
    "BnB": "first groups from the target task itself, frozen",
    "BnB+": "first groups from the target task itself, trained further",
  ]

  private static func meaning(of arm: Arm) -> String? {
    arm.isNameOnly ? nil : meanings[arm.name] ?? "a strategy of \(arm.strategy.rawValue)"
  }

  /// The mark of a strategy beside its name in a text.
  func swatch(_ name: String) -> Markup {
    let style = self[name]
    return Markup.element(
      "svg", ["width": "14", "height": "14", "aria-hidden": "true", "class": "swatch"],
      style.marker.markup(7, 7, size: 4.6, style: "dot \(style.key)"))
  }

  /// The most strategies that a legend names.
  private static let longestLegend = 60

  /// The strategies with their marks and what they do.
  var legend: Markup {
    let named = first(Self.longestLegend)
    let rest = arms.count - named.count
    let more =
      rest == 0
      ? Markup.empty
      : Markup.element(
        "li", [:],
        Markup.element(
          "span", ["class": "dim"],
          Markup.text("and \(FigureText.counted(rest, "further strategy", "further strategies"))")))
    return Markup.element(
      "ul", ["class": "key", "aria-label": "Strategies"],
      Markup(
        named.map { arm in
          let meaning = self[arm].meaning.map { text -> Markup in
            [" ", Markup.element("span", ["class": "dim"], Markup.text(text))]
          }
          return Markup.element(
            "li", ["class": "series", "data-arm": self[arm].key],
            swatch(arm.name) + Markup.element("code", [:], Markup.text(arm.name))
              + (meaning ?? .empty))
        }) + more)
  }
}
