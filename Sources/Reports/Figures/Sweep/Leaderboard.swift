import Analysis
import Records

/// The strategies at one place by their accuracy, with intervals and times.
struct Leaderboard {
  private let place: PlaceVerdict
  private let styles: StrategyStyles
  private let marginText: String

  init(_ place: PlaceVerdict, _ data: SweepData) {
    self.place = place
    styles = data.styles
    marginText = data.marginText
  }

  /// The measured strategies, the most accurate first.
  private var rows: [(summary: ArmSummary, verdict: Verdict)] {
    zip(place.cell.arms, place.verdicts).filter { $0.0.meanAccuracy != nil }
      .enumerated()
      .sorted { left, right -> Bool in
        let (first, second) = (left.element.0, right.element.0)
        return (second.meanAccuracy ?? 0, left.offset) < (first.meanAccuracy ?? 0, right.offset)
      }
      .map { (summary: $0.element.0, verdict: $0.element.1) }
  }

  /// What each verdict says here.
  static func word(_ verdict: Verdict) -> String {
    switch verdict {
    case .supported: "close to the best"
    case .refuted: "behind"
    case .undecided: "undecided"
    case .notMeasured: "not compared"
    case .nothingLearns, .ceiling: verdict.rawValue
    }
  }

  var figure: Figure {
    let rows = rows
    let ends = rows.flatMap { row -> [Double] in
      let interval = row.summary.accuracyInterval
      let mean = row.summary.meanAccuracy ?? 0
      return [100 * (interval?.lower ?? mean), 100 * (interval?.upper ?? mean)]
    }
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 100)
    let room = max(1, (high - low) * 0.05)
    let plot = DotPlot(
      axis: "test accuracy in %", columns: ["accuracy", "±", "CPU s"],
      rows: rows.map { dots($0.summary, $0.verdict) },
      domain: max(0, low - room)...min(100, high + room))
    return Figure(
      id: "leaderboard",
      panels: [
        plot.panel(
          "Test accuracy of every strategy at \(FigureText.place(place.place)) with its 95 % "
            + "interval, the highest first.")
      ],
      table: table(rows))
  }

  private func dots(_ summary: ArmSummary, _ verdict: Verdict) -> DotPlot.Row {
    let style = styles[summary.arm]
    let mean = 100 * (summary.meanAccuracy ?? 0)
    let half = summary.accuracyHalfWidth.map { FigureText.decimal(100 * $0) } ?? "–"
    return DotPlot.Row(
      name: summary.arm.name, note: Self.word(verdict), isStrong: verdict == .supported,
      value: mean,
      interval: summary.accuracyInterval.map {
        ConfidenceInterval(lower: 100 * $0.lower, upper: 100 * $0.upper)
      },
      marker: style.marker, style: "dot \(style.key)", whisker: "whisker",
      text: "\(summary.arm.name): \(FigureText.accuracy(summary)), \(Self.word(verdict))"
        + FigureText.cpuTime(summary),
      columns: [
        FigureText.decimal(mean) + " %", half,
        summary.meanCPUSeconds.map(NumberText.threeDigits) ?? "–",
      ])
  }

  private func table(_ rows: [(summary: ArmSummary, verdict: Verdict)]) -> DataTable {
    DataTable(
      "leaderboard",
      ["strategy", "result", "replicates#", "accuracy %#", "±#", "CPU s#"],
      rows.map { fields($0.summary, $0.verdict) })
  }

  private func fields(_ summary: ArmSummary, _ verdict: Verdict) -> [String] {
    let mean = summary.meanAccuracy.map { FigureText.decimal(100 * $0, 2) }
    let half = summary.accuracyHalfWidth.map { FigureText.decimal(100 * $0, 2) }
    let seconds = summary.meanCPUSeconds.map(NumberText.fourDigits)
    return [
      summary.arm.name, Self.word(verdict), "\(summary.completedCount)", mean ?? "", half ?? "",
      seconds ?? "",
    ]
  }
}
