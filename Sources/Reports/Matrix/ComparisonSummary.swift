package import Analysis
import Records

/// What a comparison on a user's own data shows besides its matrix: whether the rules were right,
/// and what more labels gain.
package struct ComparisonSummary {
  private let matrix: ResultsMatrix

  private let layout: TextLayout

  /// Whether the text says which strategy is best.
  private let recommends: Bool

  /// - Parameters:
  ///   - recommends: whether the text says which strategy is best (default: yes).
  ///   - layout: the terminal that the text is laid out for (default: a file).
  package init(_ matrix: ResultsMatrix, recommends: Bool = true, layout: TextLayout = .file) {
    self.matrix = matrix
    self.recommends = recommends
    self.layout = layout
  }

  /// The text, ending in a newline; empty if nothing was measured.
  package func text() -> String {
    matrix.similarities.map { similarity in
      [rules(similarity), gains(similarity), recommends ? recommendation(similarity) : ""]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func cells(_ similarity: Similarity) -> [MatrixCell] {
    matrix.cells.filter { $0.similarity == similarity }
  }

  /// A line per train size and level of similarity, or per size if the similarity is known; empty
  /// if no strategy that the rules advise was measured.
  private func rules(_ similarity: Similarity) -> String {
    var table = TextTable([
      .init("n", .right), .init("assumed similarity"), .init("the rules advise"),
      .init("regret (points)"), .init("verdict"),
    ])
    var isMeasured = false
    for cell in cells(similarity) {
      let known = cell.place.level
      for advice in AssumedAdvice.all(in: cell) where known == nil || advice.level == known {
        let verdict = advice.judgement
        isMeasured = isMeasured || verdict.verdict != .notMeasured
        let interval = verdict.regret?.interval.map { " " + NumberText.bounds($0) } ?? ""
        table.append([
          "\(cell.trainSize)", advice.level.rawValue, verdict.rule.arm.name,
          verdict.regret.map { NumberText.points($0.points) + interval } ?? MatrixText.absent,
          verdict.verdict.rawValue,
        ])
      }
    }
    guard isMeasured else { return "" }
    return "Were the rules right here?\n\n" + table.rendered(within: layout.width, keys: 2)
  }

  private func gains(_ similarity: Similarity) -> String {
    let rows = LearningGain.all(in: matrix, similarity: similarity)
    guard !rows.isEmpty else { return "" }
    var table = TextTable(
      [.init("labels")] + matrix.arms.map { TextTable.Column($0.name, .right) })
    for row in rows {
      table.append(
        ["\(row[0].fewer) to \(row[0].more)"]
          + row.map { gain in
            guard let mean = gain.differences.mean else { return MatrixText.absent }
            let sign = mean > 0 ? "+" : ""
            let width = gain.differences.interval().map { interval in
              interval.halfWidth > NumberText.widest
                ? " " + NumberText.tooFew : " ± " + NumberText.points(interval.halfWidth)
            }
            return sign + NumberText.points(mean) + (width ?? "")
          })
    }
    let heading = "Accuracy gained from more labels, in points:\n\n"
    if let width = layout.width, table.width > width {
      return heading + table.transposed("strategy").rendered(within: width)
    }
    return heading + table.rendered()
  }

  /// The best strategy with all labels, and the strategies that are not shown to be worse.
  private func recommendation(_ similarity: Similarity) -> String {
    guard let cell = cells(similarity).max(by: { $0.trainSize < $1.trainSize }),
      let best = cell.bestArm, let mean = best.meanAccuracy
    else { return "" }
    // A strategy is named only if the interval of its difference is not too wide.
    let intervals = cell.measuredArms.filter { $0.arm != best.arm }.map { arm in
      (arm, Regret(of: arm, among: [arm, best])?.interval)
    }
    func isTold(_ interval: ConfidenceInterval?) -> Bool {
      interval.map { $0.halfWidth <= NumberText.widest } ?? false
    }
    let close = intervals.filter { _, interval in
      isTold(interval) && (interval?.lower ?? 0) <= VerdictCriteria.standard.margin
    }.map(\.0)
    let untold = intervals.filter { !isTold($0.1) }.map(\.0)
    let cheapest = (close + [best]).min { cost($0) < cost($1) }
    var text =
      "With \(NumberText.count(cell.trainSize)) labels \(best.arm.name) did best: \(NumberText.percent(mean)) %."
    if !close.isEmpty {
      text +=
        " Not shown to be more than a point behind: "
        + close.map(\.arm.name).joined(separator: ", ") + "."
    }
    if !untold.isEmpty {
      text +=
        " Too few splits to distinguish from it: "
        + untold.map(\.arm.name).joined(separator: ", ") + "."
    }
    if let cheapest, cheapest.arm != best.arm {
      text += " The cheapest of these is \(cheapest.arm.name)."
    }
    return text.wrapped(to: layout.prose(118)).joined(separator: "\n") + "\n"
  }

  private func cost(_ summary: ArmSummary) -> Double { summary.meanCPUSeconds ?? .infinity }
}
