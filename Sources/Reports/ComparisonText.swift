package import Analysis
import Records

/// What a comparison on a user's own data says beside its matrix: whether the rules were right, and
/// what more labels bring.
package struct ComparisonText {
  private let matrix: ResultsMatrix

  package init(_ matrix: ResultsMatrix) { self.matrix = matrix }

  /// The text, ending in a newline; empty where nothing was measured.
  package func text() -> String {
    matrix.similarities.map { similarity in
      [rules(similarity), gains(similarity), recommendation(similarity)]
        .filter { !$0.isEmpty }.joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func cells(_ similarity: Similarity) -> [MatrixCell] {
    matrix.cells.filter { $0.similarity == similarity }
  }

  /// A line per train size and level of similarity, or per size where the similarity is known.
  private func rules(_ similarity: Similarity) -> String {
    var table = TextTable([
      .init("n", .right), .init("if the tasks are"), .init("the rules advise"),
      .init("regret (points)"), .init("verdict"),
    ])
    for cell in cells(similarity) {
      let known = cell.place.level
      for advice in AssumedAdvice.all(in: cell) where known == nil || advice.level == known {
        let verdict = advice.judgement
        let interval = verdict.regret?.interval.map { " " + NumberText.bounds($0) } ?? ""
        table.append([
          "\(cell.trainSize)", "\(advice.level.rawValue) in similarity", verdict.rule.arm.name,
          verdict.regret.map { NumberText.points($0.points) + interval } ?? MatrixText.absent,
          verdict.verdict.rawValue,
        ])
      }
    }
    return "Were the rules right here?\n\n" + table.rendered()
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
    return "What more labels brought, in points of accuracy:\n\n" + table.rendered()
  }

  /// The best arm with all labels, and the arms that cannot be told from it.
  private func recommendation(_ similarity: Similarity) -> String {
    guard let cell = cells(similarity).max(by: { $0.trainSize < $1.trainSize }),
      let best = cell.bestArm, let mean = best.meanAccuracy
    else { return "" }
    // A sentence about an arm needs an interval of its difference that says something.
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
      "With \(cell.trainSize) labels \(best.arm.name) did best: \(NumberText.percent(mean)) %."
    if !close.isEmpty {
      text +=
        " Not shown to be more than a point behind: "
        + close.map(\.arm.name).joined(separator: ", ") + "."
    }
    if !untold.isEmpty {
      text +=
        " Too few splits to tell from it: " + untold.map(\.arm.name).joined(separator: ", ") + "."
    }
    if let cheapest, cheapest.arm != best.arm {
      text += " The cheapest of these is \(cheapest.arm.name)."
    }
    return text.wrapped(to: 118).joined(separator: "\n") + "\n"
  }

  private func cost(_ summary: ArmSummary) -> Double { summary.meanCPUSeconds ?? .infinity }
}
