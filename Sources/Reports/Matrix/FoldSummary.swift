import Analysis
package import Records

/// What a comparison over folds shows besides its matrix: the strategies over all folds together,
/// compared example by example.
package struct FoldSummary {
  private let comparisons: [FoldComparison]
  private let layout: TextLayout

  /// - Parameter layout: the terminal that the text is laid out for (default: a file).
  package init(_ results: SweepResults, layout: TextLayout = .file) {
    comparisons = FoldComparison.all(of: results)
    self.layout = layout
  }

  /// The text, ending in a newline; empty for results without folds.
  package func text() -> String {
    guard let most = comparisons.max(by: { $0.place.trainSize < $1.place.trainSize }) else {
      return ""
    }
    var table = TextTable([
      .init("n", .right), .init("strategy"), .init("accuracy (%)"), .init("folds", .right),
      .init("behind the best (points)"), .init("CPU time", .right),
    ])
    for (index, comparison) in comparisons.enumerated() {
      if index > 0 { table.append([]) }
      for row in comparison.rows { table.append(Self.fields(row, comparison)) }
    }
    let notes = [
      "Each of \(MatrixText.counted(most.exampleCount, "example")) is tested once by "
        + "\(most.testers), which was trained without its fold. Intervals (95 %) are those of "
        + "single examples, paired between strategies, and of how much trainings vary.",
      most.conclusion,
    ]
    return "All folds together:\n\n" + table.rendered(within: layout.width, keys: 2) + "\n"
      + notes.flatMap { $0.wrapped(to: layout.prose(118)) }.joined(separator: "\n") + "\n"
  }

  private static func fields(
    _ row: FoldComparison.Row, _ comparison: FoldComparison
  ) -> [String] {
    let mark = row == comparison.best ? MatrixText.bestMark : " "
    let loss = row.loss.map {
      NumberText.points(100 * $0.mean) + " "
        + NumberText.bounds(
          ConfidenceInterval(lower: 100 * $0.interval.lower, upper: 100 * $0.interval.upper))
    }
    return [
      "\(comparison.place.trainSize)", row.arm.name,
      "\(mark) \(NumberText.percent(row.accuracy)) ± \(NumberText.percent(row.halfWidth))",
      "\(row.folds)/\(comparison.foldCount)", loss ?? "",
      row.cpuSeconds.map { "\(NumberText.threeDigits($0)) s" } ?? MatrixText.absent,
    ]
  }
}

extension FoldComparison {
  /// Which strategies tested an example, in words.
  var testers: String {
    isPaired ? "every strategy" : "every strategy that has its fold"
  }

  /// The best strategy, and those that are not shown to be worse, in sentences.
  var conclusion: String {
    let margin = VerdictCriteria.standard.margin
    var text =
      "With \(NumberText.count(place.trainSize)) labels \(best.arm.name) did best: "
      + "\(NumberText.percent(best.accuracy)) %"
    if let corrected {
      text +=
        ", and \(NumberText.percent(corrected.accuracy)) % "
        + "[\(NumberText.percent(corrected.interval.lower)), "
        + "\(NumberText.percent(corrected.interval.upper))] corrected for having been chosen"
    }
    let close = close(margin: margin)
    if !close.isEmpty {
      text +=
        ". Not shown to be more than a point behind: "
        + close.map(\.arm.name).joined(separator: ", ")
    }
    if let cheapest = (close + [best]).min(by: {
      ($0.cpuSeconds ?? .infinity) < ($1.cpuSeconds ?? .infinity)
    }), cheapest != best {
      text += ". The cheapest of these is \(cheapest.arm.name)"
    }
    return text + "."
  }

  /// The comparison for programs; differences are in points.
  var members: JSONValue {
    .object([
      "similarity": .string(place.similarity.label),
      "train_size": .integer(place.trainSize),
      "folds": .integer(foldCount),
      "examples": .integer(exampleCount),
      "best": .string(best.arm.name),
      "corrected_accuracy": .metric(corrected?.accuracy),
      "corrected_accuracy_interval": .interval(corrected?.interval),
      "strategies": .array(
        rows.map { row in
          .object([
            "strategy": .string(row.arm.name),
            "folds": .integer(row.folds),
            "accuracy": .metric(row.accuracy),
            "accuracy_interval": .interval(row.interval),
            "loss_points": .metric(row.loss.map { 100 * $0.mean }),
            "loss_points_interval": .interval(
              row.loss.map {
                ConfidenceInterval(lower: 100 * $0.interval.lower, upper: 100 * $0.interval.upper)
              }),
            "cpu_seconds": .metric(row.cpuSeconds),
          ])
        }),
    ])
  }
}
