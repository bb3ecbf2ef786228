package import Analysis
import Records

/// The findings of a check against a baseline, as text.
package struct BaselineReport: Sendable {
  private let check: BaselineCheck

  package init(_ check: BaselineCheck) { self.check = check }

  /// The report, ending in a newline.
  ///
  /// - Parameter layout: the terminal that a table is laid out for (default: a file).
  package func text(_ format: TableFormat, layout: TextLayout = .file) -> String {
    switch format {
    case .table:
      table(layout)
        + legend.flatMap { $0.wrappedAsNote(to: layout.width ?? .max) }.map { $0 + "\n" }.joined()
    case .markdown: markdown() + legend.map { "- \($0)\n" }.joined()
    case .csv: ([titles] + lines(exact: true)).map(CSVLine.text).joined()
    case .latex: latex()
    case .json: json()
    }
  }

  private var titles: [String] {
    [
      "result", "similarity", "n", "strategy", "depth", "figure", "baseline", "new", "change",
      "95 % interval", "allowed", "p",
    ]
  }

  /// A table of the changes; a narrow terminal gets a block for each change.
  private func table(_ layout: TextLayout) -> String {
    guard !check.changes.isEmpty else { return "" }
    var table = TextTable(
      titles.enumerated().map { .init($1, [0, 1, 3, 5].contains($0) ? .left : .right) })
    for line in lines(exact: false) { table.append(line) }
    if let width = layout.width, table.width > width {
      return lines(exact: false).map { block($0, width) }.joined() + "\n"
    }
    return table.rendered() + "\n"
  }

  /// What changed where, and below by how much.
  private func block(_ line: [String], _ width: Int) -> String {
    let depth = line[4].isEmpty ? "" : ", depth \(line[4])"
    let place = "\(line[1]), n=\(line[2]), \(line[3])\(depth)"
    let titled = zip(titles, line).dropFirst(8).filter { !$1.isEmpty }.map { title, text in
      title == "p" ? "p = \(text)" : "\(title) \(text)"
    }
    let texts = [
      "\(line[0])  \(place): \(line[5]) \(line[6]) → \(line[7])",
      titled.joined(separator: ", "),
    ].filter { !$0.isEmpty }
    return texts.enumerated().flatMap { index, text in
      text.wrapped(to: width - 8).enumerated().map { part, words in
        (index + part == 0 ? "" : "       ") + words + "\n"
      }
    }.joined()
  }

  private func markdown() -> String {
    guard !check.changes.isEmpty else { return "" }
    return ([titles, titles.map { _ in "---" }] + lines(exact: false)).map(MarkdownLine.text)
      .joined() + "\n"
  }

  private func latex() -> String {
    LaTeXTable.text(
      titles, lines(exact: false).map { $0.map(LaTeXTable.escaped) }, notes: legend)
  }

  private func lines(exact: Bool) -> [[String]] {
    check.changes.map { change in
      let place = change.place
      return [
        change.kind.rawValue, place.similarity?.label ?? "all",
        place.trainSize.map(String.init) ?? "all", place.arm,
        place.depth.map(String.init) ?? "", change.what,
      ]
        + (change.verdicts.isEmpty
          ? figures(change, exact: exact)
          : [change.verdicts[0].rawValue, change.verdicts[1].rawValue, "", "", "", ""])
    }
  }

  private func figures(_ change: BaselineChange, exact: Bool) -> [String] {
    let unit = exact ? FigureUnit(scale: 1, name: "") : FigureUnit(of: change.what)
    func text(_ value: Double?) -> String {
      guard let value else { return "" }
      return exact ? "\(NumberText.rounded(value))" : NumberText.fourDigits(value * unit.scale)
    }
    let difference = change.after.flatMap { after in change.before.map { after - $0 } }
    // Times differ between runs on one machine; only their ratio is meaningful.
    let isRatio = change.what == BaselineMetric.time.rawValue && !exact
    let ratio = change.after.flatMap { after in change.before.map { after / $0 } }
    let bounds = [change.interval?.lower, change.interval?.upper]
    return [
      text(change.before) + unit.name, text(change.after) + unit.name,
      isRatio ? ratio.map { "\(NumberText.threeDigits($0))×" } ?? "" : text(difference),
      change.interval == nil ? "" : "[\(bounds.map(text).joined(separator: exact ? ";" : ", "))]",
      text(change.allowance),
      change.pValue.map { exact ? "\(NumberText.rounded($0))" : NumberText.pValue($0) } ?? "",
    ]
  }

  private var legend: [String] {
    let regressions = check.changes.count { $0.kind.isRegression }
    let rate = NumberText.short(100 * check.tolerances.falseAlarmRate)
    let judged = NumberText.count(check.comparisonCount - check.unjudgedCount)
    let unjudged = NumberText.count(check.unjudgedCount)
    let comparisons = "\(NumberText.count(check.comparisonCount)) comparisons"
    return [
      regressions == 0
        ? "No regression in \(comparisons)."
        : "\(MatrixText.counted(regressions, "regression")) in \(comparisons).",
      "Worse or better: beyond the tolerance, by t tests of the differences over replicates, "
        + "corrected after Holm for \(judged) comparisons; results that differ by chance alone "
        + "are found worse in at most \(rate) % of checks.",
    ]
      + (check.unjudgedCount > 0
        ? ["\(unjudged) comparisons have too few replicates to be judged."] : [])
      + check.notes
  }

  private func json() -> String {
    JSONValue.object([
      "format": .integer(1),
      "regression": .boolean(check.hasRegression),
      "comparisons": .integer(check.comparisonCount),
      "unjudged": .integer(check.unjudgedCount),
      "false_alarm_rate": .number(check.tolerances.falseAlarmRate),
      "changes": .array(check.changes.map(object)),
      "notes": .array(check.notes.map { .string($0) }),
    ]).report
  }

  private func object(_ change: BaselineChange) -> JSONValue {
    .object([
      "result": .string(change.kind.rawValue),
      "similarity": .string(change.place.similarity?.label),
      "train_size": .integer(change.place.trainSize),
      "strategy": .string(change.place.arm),
      "depth": .integer(change.place.depth),
      "figure": .string(change.what),
      "baseline": .metric(change.before),
      "new": .metric(change.after),
      "interval": .interval(change.interval),
      "allowed": .metric(change.allowance),
      "p": .metric(change.pValue),
      "verdicts": .array(change.verdicts.map { .string($0.rawValue) }),
    ])
  }
}

/// The unit in which a metric is shown to people.
private struct FigureUnit {
  let scale: Double
  let name: String

  init(scale: Double, name: String) {
    self.scale = scale
    self.name = name
  }

  init(of metric: String) {
    switch BaselineMetric(rawValue: metric) {
    case .accuracy: self.init(scale: 100, name: " %")
    case .flops: self.init(scale: 1e-9, name: " GFLOP")
    case .memory: self.init(scale: 1 / 1_048_576, name: " MiB")
    case .time: self.init(scale: 1, name: " s")
    case nil: self.init(scale: 1, name: "")
    }
  }
}
