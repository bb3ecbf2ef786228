import Analysis

/// Which classes are taken for which.
struct ConfusionMatrix {
  private let confusion: [[Int]]
  private let names: [String]

  /// The most classes of which the whole matrix is drawn, and the most pairs that are listed.
  private static let (largestCount, mostPairs) = (20, 20)

  init(_ score: ClassificationScore, classNames: [String]) {
    confusion = score.confusion
    names = classNames
  }

  /// The matrix; `nil` for more than 20 classes.
  var figure: Figure? {
    guard names.count <= Self.largestCount else { return nil }
    return Figure(id: "confusion", panels: [FigurePanel(wide: image)], table: table)
  }

  /// The pairs of classes that are confused most often, the worst first.
  private var pairs: [(truth: Int, prediction: Int, count: Int)] {
    let all = confusion.indices.flatMap { truth -> [(truth: Int, prediction: Int, count: Int)] in
      confusion[truth].enumerated().filter { $0.offset != truth && $0.element > 0 }
        .map { (truth: truth, prediction: $0.offset, count: $0.element) }
    }
    return all.enumerated()
      .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
      .map(\.element)
  }

  /// What is confused most, in a sentence.
  var finding: String {
    guard let worst = pairs.first else { return "No example is taken for another class" }
    return "\(names[worst.truth]) is taken for \(names[worst.prediction]) most often, "
      + FigureText.counted(worst.count, "time")
  }

  /// The worst pairs as a table.
  var worstPairs: Markup {
    SimpleTable(
      ["class", "taken for", "examples#", "of the class, %#"],
      pairs.prefix(Self.mostPairs).map { pair in
        let all = confusion[pair.truth].reduce(0, +)
        return [
          names[pair.truth], names[pair.prediction], "\(pair.count)",
          FigureText.decimal(100 * Double(pair.count) / Double(max(1, all))),
        ]
      }
    ).markup
  }

  private var image: FigureImage {
    let count = names.count
    let side = max(26, min(64, 640 / Double(max(1, count))))
    let (left, top) = (150.0, 46.0)
    var content =
      Plot.text("true class", left - 10, top - 10, "axis", anchor: "end")
      + Plot.text("predicted class", left, 14, "axis")
    for (index, name) in names.enumerated() {
      let middle = left + (Double(index) + 0.5) * side
      content += Plot.text(
        Self.cut(name, max(2, Int(side / 7))), middle, top - 10, "tick", anchor: "middle")
      let y = top + (Double(index) + 0.5) * side + 4
      content += Plot.text(Self.cut(name, 19), left - 10, y, "tick", anchor: "end")
    }
    for (truth, row) in confusion.enumerated() {
      let all = row.reduce(0, +)
      for (prediction, number) in row.enumerated() {
        let share = all > 0 ? Double(number) / Double(all) : 0
        content += cell(
          truth, prediction, number, share, x: left + Double(prediction) * side,
          y: top + Double(truth) * side, side: side)
      }
    }
    return FigureImage(
      width: left + Double(count) * side + 2, height: top + Double(count) * side + 2,
      label: "Confusion matrix, a row per true class: \(finding).", content: content)
  }

  private func cell(
    _ truth: Int, _ prediction: Int, _ number: Int, _ share: Double, x: Double, y: Double,
    side: Double
  ) -> Markup {
    // Five steps of colour, so that text has a known contrast on each.
    let step = Int((share * 4).rounded(.up))
    var content = Plot.rectangle(x + 1, y + 1, side - 2, side - 2, "heat heat\(step)", radius: 3)
    if number > 0 {
      content += Plot.text(
        "\(number)", x + side / 2, y + side / 2 + 4, step == 4 ? "small onheat" : "small",
        anchor: "middle")
    }
    let text =
      "\(names[truth]) taken for \(names[prediction]): \(FigureText.counted(number, "example")), "
      + "\(FigureText.decimal(100 * share)) % of the class"
    return Plot.pointed(text, content)
  }

  private static func cut(_ name: String, _ length: Int) -> String {
    name.count > length ? name.prefix(length - 1) + "…" : name
  }

  private var table: DataTable {
    DataTable(
      "confusion", ["true class"] + names.map { "\($0)#" },
      zip(names, confusion).map { name, row in [name] + row.map { "\($0)" } })
  }
}
