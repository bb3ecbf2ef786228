import Analysis
import Records

/// The training loss by epoch at a few places, a line per strategy.
struct HistoryFigure {
  private let results: SweepResults
  private let styles: StrategyStyles

  /// The most places with a panel, the most lines of one, and the most epochs that are drawn.
  private static let (largestCount, mostLines, mostEpochs) = (4, 60, 30)
  private static let (width, height) = (352.0, 250.0)

  init(_ results: SweepResults) {
    self.results = results
    styles = StrategyStyles(results.plan.arms)
  }

  /// The loss of one strategy at one place.
  private struct Line {
    let arm: Arm
    let epochs: [(epoch: Int, median: Double, lowest: Double, highest: Double)]
  }

  /// The section; `nil` if no run has a history.
  var section: PageSection? {
    let panels = places.map { ($0, lines($0)) }.filter { !$0.1.isEmpty }
    guard !panels.isEmpty else { return nil }
    let figure = Figure(
      id: "histories",
      panels: panels.map { place, lines in
        FigurePanel(
          subject: FigureText.place(place), finding: finding(lines), wide: image(place, lines))
      },
      table: table(panels))
    let converged = panels.flatMap(\.1).count(where: isFlat)
    let count = panels.flatMap(\.1).count
    return PageSection(
      id: "histories", question: "Did training converge?",
      title: converged == count
        ? "In every history that is shown the loss is level at the end"
        : "The loss still falls at the end in \(count - converged) of \(count) histories",
      explanation:
        Markup.text(
          "Mean training loss by epoch, in nats (logarithmic): the median over replicates, "
            + "and the range of all."),
      blocks: [.figure(figure)],
      note: "Level: the median loss falls by less than a tenth over the last fifth of the epochs. "
        + "A head that is solved to convergence has no history.\(omission)",
      isClosed: true)
  }

  /// The smallest and the largest size, each at the first and the last similarity.
  private var places: [MatrixPlace] {
    let plan = results.plan
    let ends = [plan.similarities.first, plan.similarities.last].compactMap { $0 }
    var places: [MatrixPlace] = []
    for similarity in ends {
      let sizes = plan.trainSizes.sorted().filter { size in
        plan.arms.contains { !histories(similarity, size, $0).isEmpty }
      }
      for size in [sizes.first, sizes.last].compactMap({ $0 }) {
        let place = MatrixPlace(similarity: similarity, trainSize: size)
        if !places.contains(place) { places.append(place) }
      }
    }
    return Array(places.prefix(Self.largestCount))
  }

  private func histories(_ similarity: Similarity, _ size: Int, _ arm: Arm) -> [[EpochRecord]] {
    results.measurements(similarity: similarity, trainSize: size, arm: arm)
      .compactMap { $0?.history }.filter { !$0.isEmpty }
  }

  /// The strategies with a line.
  private var arms: [Arm] { styles.first(Self.mostLines) }

  /// Which strategies are shown; empty if all are.
  private var omission: String {
    let (shown, all) = (arms.count, results.plan.arms.count)
    return shown < all
      ? " \(FigureText.grouped(shown)) of \(FigureText.grouped(all)) strategies are "
        + "shown; the results file has the histories of all." : ""
  }

  private func lines(_ place: MatrixPlace) -> [Line] {
    arms.compactMap { arm in
      let histories = histories(place.similarity, place.trainSize, arm)
      guard let count = histories.map(\.count).max(), count > 1 else { return nil }
      let epochs = SweepData.thinned(Array(0..<count), to: Self.mostEpochs)
      return Line(
        arm: arm,
        epochs: epochs.compactMap { epoch in
          let losses = histories.compactMap { $0.indices.contains(epoch) ? $0[epoch].loss : nil }
            .filter { $0.isFinite && $0 > 0 }
          guard let median = Statistics.quantile(losses, 0.5), let lowest = losses.min(),
            let highest = losses.max()
          else { return nil }
          return (epoch + 1, median, lowest, highest)
        })
    }.filter { $0.epochs.count > 1 }
  }

  private func isFlat(_ line: Line) -> Bool {
    guard let last = line.epochs.last else { return true }
    let before = line.epochs.last { $0.epoch * 5 <= last.epoch * 4 } ?? line.epochs[0]
    return last.median > 0.9 * before.median
  }

  private func finding(_ lines: [Line]) -> String {
    let falling = lines.filter { !isFlat($0) }.map(\.arm.name)
    return falling.isEmpty
      ? "level at the end" : "still falling: \(falling.joined(separator: ", "))"
  }

  private func image(_ place: MatrixPlace, _ lines: [Line]) -> FigureImage {
    let losses = lines.flatMap { $0.epochs.flatMap { [$0.lowest, $0.highest] } }
    let last = lines.compactMap(\.epochs.last?.epoch).max() ?? 2
    let axes = Axes(
      x: Scale(.linear, 1...Double(max(last, 2)), from: 50, to: Self.width - 108),
      y: Scale(
        .logarithmic, Scale.logarithmicDomain(losses, room: 1.2), from: Self.height - 40, to: 12),
      left: 50, right: Self.width - 108, top: 12, bottom: Self.height - 40)
    let ticks = LinearTicks.values(from: 1, to: Double(last)).filter {
      $0 >= 1 && $0 <= Double(last) && $0 == $0.rounded()
    }
    var content = axes.logarithmicLines(label: FigureText.short)
    content += axes.linear(ticks, label: FigureText.short)
    content += Plot.text(
      "epoch", (axes.left + axes.right) / 2, Self.height - 5, "axis", anchor: "middle")
    var ends: [(name: String, key: String, y: Double)] = []
    for line in lines {
      let key = styles[line.arm].key
      func points(_ value: (Int) -> Double) -> [PlotPoint] {
        line.epochs.indices.map {
          PlotPoint(x: axes.x(Double(line.epochs[$0].epoch)), y: axes.y(value($0)))
        }
      }
      let area = points { line.epochs[$0].highest } + points { line.epochs[$0].lowest }.reversed()
      let middle = points { line.epochs[$0].median }
      content += Plot.path(area.line + "Z", "band \(key)")
      content += Plot.series(
        key, Plot.pointed(sentence(line, place), Plot.path(middle.line, "line \(key)")))
      ends.append((line.arm.name, key, middle.last?.y ?? 0))
    }
    let placed = LabelSpread.positions(
      ends.map(\.y), distance: 13, within: (axes.top + 4)...(axes.bottom - 4))
    content += Markup(
      zip(ends, placed).map { end, y in
        Plot.series(
          end.key, Plot.text(end.name, axes.right + 6, y + 4, "label \(end.key)"))
      })
    return FigureImage(
      width: Self.width, height: Self.height,
      label: "Training loss by epoch at \(FigureText.place(place)), a line per strategy: "
        + "\(finding(lines)).",
      content: content)
  }

  private func sentence(_ line: Line, _ place: MatrixPlace) -> String {
    let (first, last) = (line.epochs[0], line.epochs[line.epochs.count - 1])
    return "\(line.arm.name), \(FigureText.place(place)): loss "
      + "\(NumberText.threeDigits(first.median)) in epoch \(first.epoch), "
      + "\(NumberText.threeDigits(last.median)) in epoch \(last.epoch)"
  }

  private func table(_ panels: [(MatrixPlace, [Line])]) -> DataTable {
    let arms = arms
    let rows = panels.flatMap { place, lines -> [[String]] in
      let epochs = Set(lines.flatMap { $0.epochs.map(\.epoch) }).sorted()
      return epochs.map { epoch in
        [place.similarity.label, "\(place.trainSize)", "\(epoch)"]
          + arms.map { arm in
            let line = lines.first { $0.arm == arm }
            return line?.epochs.first { $0.epoch == epoch }
              .map { NumberText.fourDigits($0.median) } ?? ""
          }
      }
    }
    return DataTable(
      "histories", ["similarity", "labels#", "epoch#"] + arms.map { "\($0.name)#" },
      rows)
  }
}
