import Analysis
import Records

/// The figures of a race: how strategies stand, what each fold said, and what more labels bring.
struct RaceFigures {
  private let race: RaceReport
  private let styles: StrategyStyles

  private static let (width, height) = (720.0, 320.0)
  /// Where the names of the lines begin.
  private static let right = 720.0 - 190

  init(_ race: RaceReport) {
    self.race = race
    styles = StrategyStyles(
      race.names.map { Arm.known(withDepths: false).named($0) ?? Arm.nameOnly($0) })
  }

  var legend: Markup { styles.legend }

  /// The strategies with results, the most accurate first.
  private var standings: [RaceStanding] {
    race.answer.standings.sorted { ($1.mean, $0.entrant) < ($0.mean, $1.entrant) }
  }

  private func name(_ standing: RaceStanding) -> String { race.names[standing.entrant] }

  /// Whether examples were classified correctly, by fold, of trainings with all other examples.
  private func folds(_ name: String) -> [(fold: Int, correct: [Bool])] {
    (0..<race.task.folds).compactMap { fold in
      race.record.outcomes[RacePiece(strategy: name, fold: fold)]?.result.map { (fold, $0.correct) }
    }
  }

  /// The 95 % interval by a strategy's own examples, in %; `nil` if they have different weights.
  private func interval(_ name: String) -> ConfidenceInterval? {
    guard race.task.metric == .accuracy else { return nil }
    let correct = folds(name).flatMap(\.correct)
    guard !correct.isEmpty else { return nil }
    let found = BinomialInterval.interval(
      successes: correct.count { $0 }, trials: correct.count)
    return ConfidenceInterval(lower: 100 * found.lower, upper: 100 * found.upper)
  }

  // MARK: Standings

  /// The accuracy of every strategy with its interval, how sure it is, and what it costs.
  var standing: Figure {
    let ends = standings.flatMap { standing -> [Double] in
      let interval = interval(name(standing))
      return [100 * standing.mean, interval?.lower, interval?.upper].compactMap { $0 }
    }
    let (low, high) = (ends.min() ?? 0, ends.max() ?? 100)
    let room = max(1, (high - low) * 0.05)
    let plot = DotPlot(
      axis: "\(race.metricText) in %", columns: ["accuracy", "close", "CPU s"],
      rows: standings.map(row),
      // Expected accuracies may be beyond what is possible, but a domain is not.
      domain: min(max(0, low - room), 99)...max(min(100, high + room), 1))
    return Figure(
      id: "standing",
      panels: [
        plot.panel(
          race.task.metric == .accuracy
            ? "Accuracy of every strategy with its 95 % interval, the highest first."
            : "Balanced accuracy of every strategy, the highest first.")
      ],
      table: DataTable(
        "standing",
        [
          "strategy", "folds#", "expected accuracy %#", "lower#", "upper#",
          "probability of being close to the best#", "probability of being the best#",
          "CPU s of one training#",
        ],
        standings.map(fields)))
  }

  private func row(_ standing: RaceStanding) -> DotPlot.Row {
    let name = name(standing)
    let style = styles[name]
    let mean = FigureText.decimal(100 * standing.mean)
    let within = NumberText.probability(standing.within)
    let seconds = race.costs[standing.entrant]
    let time = seconds.map { ", \(FigureText.seconds($0)) of CPU time" } ?? ""
    let isChosen = standing.entrant == race.answer.choice.entrant && !race.answer.isGuessing
    return DotPlot.Row(
      name: name, note: isChosen ? "chosen" : "", isStrong: isChosen, value: 100 * standing.mean,
      interval: interval(name), marker: style.marker, style: "dot \(style.key)",
      whisker: "whisker",
      text: "\(name): \(mean) % over \(FigureText.counted(folds(name).count, "fold")), close to "
        + "the best with probability \(within)\(time)",
      columns: [mean + " %", within, seconds.map(NumberText.threeDigits) ?? "–"])
  }

  private func fields(_ standing: RaceStanding) -> [String] {
    let interval = interval(name(standing))
    return [
      name(standing), "\(folds(name(standing)).count)",
      FigureText.decimal(100 * standing.mean, 2),
      interval.map { FigureText.decimal($0.lower, 2) } ?? "",
      interval.map { FigureText.decimal($0.upper, 2) } ?? "",
      NumberText.probability(standing.within), NumberText.probability(standing.best),
      race.costs[standing.entrant].map(NumberText.fourDigits) ?? "",
    ]
  }

  // MARK: Folds

  private struct Point {
    let name: String
    let fold, count: Int
    let percent: Double
  }

  private var points: [Point] {
    race.names.flatMap { name in
      folds(name).filter { !$0.correct.isEmpty }.map { fold, correct in
        Point(
          name: name, fold: fold, count: correct.count,
          percent: 100 * Double(correct.count { $0 }) / Double(correct.count))
      }
    }
  }

  /// The accuracy of every training by the fold that was left out; `nil` without trainings.
  var evidence: Figure? {
    let points = points
    guard !points.isEmpty else { return nil }
    let last = Double(max(2, race.task.folds))
    let axes = Axes(
      x: Scale(.linear, 0.7...(last + 0.3), from: 34, to: Self.right),
      y: Scale(.linear, 0...100, from: Self.height - 40, to: 12),
      left: 34, right: Self.right, top: 12, bottom: Self.height - 40)
    var content = axes.horizontal([0, 25, 50, 75, 100], label: FigureText.short)
    content += axes.linear((1...max(2, race.task.folds)).map(Double.init), label: FigureText.short)
    content += Plot.text(
      "fold that was left out", (axes.left + axes.right) / 2, Self.height - 5, "axis",
      anchor: "middle")
    var ends: [(name: String, key: String, at: PlotPoint)] = []
    for name in race.names {
      let own = points.filter { $0.name == name }
      let at = own.map { PlotPoint(x: axes.x(Double($0.fold + 1)), y: axes.y($0.percent)) }
      guard let end = at.last else { continue }
      let style = styles[name]
      let marks = zip(own, at).map { point, at in
        Plot.pointed(
          "\(name), fold \(point.fold + 1): \(FigureText.decimal(point.percent)) % of "
            + FigureText.counted(point.count, "example"),
          style.marker.markup(at.x, at.y, size: 3.4, style: "dot \(style.key)")
            + Plot.circle(at.x, at.y, 7, "target"))
      }
      content += Plot.series(
        style.key, Plot.path(at.line, "line \(style.key)") + Markup(marks))
      ends.append((name, style.key, end))
    }
    return Figure(
      id: "folds",
      panels: [
        FigurePanel(
          wide: FigureImage(
            width: Self.width, height: Self.height,
            label: "Accuracy of every training by the fold that was left out.",
            content: content + CurveLine.labels(ends, axes)))
      ],
      table: DataTable(
        "folds", ["strategy", "fold#", "examples#", "accuracy %#"],
        points.map {
          [$0.name, "\($0.fold + 1)", "\($0.count)", FigureText.decimal($0.percent, 2)]
        }))
  }

  // MARK: More labels

  /// The accuracy that more labels would bring; `nil` without forecasts.
  var forecast: Figure? {
    let values = race.forecasts.flatMap { forecast in forecast.values.map { (forecast, $0) } }
    guard !values.isEmpty else { return nil }
    let ends = values.flatMap { _, value -> [Double] in
      let found = value.forecast
      return [found.gainInterval.lower, found.gain, found.gainInterval.upper].map { 100 * $0 }
    }
    let (low, high) = (min(0, ends.min() ?? 0), max(0, ends.max() ?? 0))
    let room = max(0.5, (high - low) * 0.05)
    let plot = DotPlot(
      axis: "gain in points", columns: ["gain", "accuracy", "labels"],
      rows: values.map(row), domain: (low - room)...(high + room), reference: 0)
    return Figure(
      id: "forecast",
      panels: [plot.panel("Gain of accuracy from more labels with its 95 % interval.")],
      table: DataTable(
        "forecast",
        ["strategy", "labels#", "accuracy %#", "gain, points#", "lower#", "upper#"],
        values.map { forecast, value in
          let found = value.forecast
          return [
            forecast.name, "\(found.size)", FigureText.decimal(100 * found.accuracy, 2),
            FigureText.decimal(100 * found.gain, 2),
            FigureText.decimal(100 * found.gainInterval.lower, 2),
            FigureText.decimal(100 * found.gainInterval.upper, 2),
          ]
        }))
  }

  private func row(_ forecast: RaceForecast, _ value: RaceForecast.Value) -> DotPlot.Row {
    let (style, found) = (styles[forecast.name], value.forecast)
    let sign = found.gain > 0 ? "+" : ""
    let gain = sign + FigureText.decimal(100 * found.gain)
    let accuracy = FigureText.decimal(100 * found.accuracy)
    return DotPlot.Row(
      name: "\(forecast.name), \(FigureText.grouped(found.size)) labels", value: 100 * found.gain,
      interval: ConfidenceInterval(
        lower: 100 * found.gainInterval.lower, upper: 100 * found.gainInterval.upper),
      marker: style.marker, style: "dot \(style.key)", whisker: "whisker",
      text: "\(forecast.name) with \(FigureText.grouped(found.size)) labels: \(gain) points, to "
        + "\(accuracy) %",
      columns: [gain, accuracy + " %", FigureText.grouped(found.size)])
  }
}
