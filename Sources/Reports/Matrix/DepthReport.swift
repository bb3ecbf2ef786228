package import Analysis
package import Records

/// The freeze-depth curves of a sweep as text.
package struct DepthReport: Sendable {
  private let results: SweepResults
  private let curves: [DepthCurve]
  private let claims: [DepthClaim]

  package init(results: SweepResults, curves: [DepthCurve], claims: [DepthClaim]) {
    self.results = results
    self.curves = curves
    self.claims = claims
  }

  /// The report, ending in a newline.
  ///
  /// - Parameter layout: the terminal that a table is laid out for (default: a file).
  package func text(_ format: TableFormat, layout: TextLayout = .file) -> String {
    switch format {
    case .table:
      table(layout) + "\n"
        + legend().flatMap { $0.wrappedAsNote(to: layout.width ?? .max) }.joined(separator: "\n")
        + "\n"
    case .markdown: markdown() + "\n" + legend().joined(separator: "\n") + "\n"
    case .csv: commaSeparated()
    case .latex: LaTeXTable.text(latexTitles, latexLines, notes: legend())
    case .json: json()
    }
  }

  private var titles: [String] {
    ["similarity", "n", "depth"] + results.plan.arms.flatMap { [$0.name, "CPU"] }
  }

  /// One line of fields per curve and depth.
  private var lines: [[String]] {
    curves.flatMap { lines(of: $0) }
  }

  private func lines(of curve: DepthCurve) -> [[String]] {
    curve.depths.indices.map { index in
      [curve.similarity.label, "\(curve.trainSize)", "\(curve.depths[index])"]
        + curve.arms.flatMap { [accuracy($0[index]), seconds($0[index])] }
    }
  }

  private var latexTitles: [String] { titles.map { $0 == "similarity" ? $0 : "\($0)#" } }

  /// The lines, with a rule between curves.
  private var latexLines: [[String]] {
    curves.enumerated().flatMap { index, curve in
      let fields = lines(of: curve).map { $0.map(LaTeXTable.escaped) }
      return index == 0 ? fields : [[]] + fields
    }
  }

  private func accuracy(_ summary: ArmSummary) -> String {
    guard let mean = summary.meanAccuracy else { return MatrixText.placeholder(summary) }
    return NumberText.percent(mean) + MatrixText.width(summary)
  }

  private func seconds(_ summary: ArmSummary) -> String {
    summary.meanCPUSeconds.map { "\(NumberText.threeDigits($0)) s" } ?? ""
  }

  /// A table of all curves; a narrow terminal gets a block for each curve.
  private func table(_ layout: TextLayout) -> String {
    var table = TextTable(
      titles.enumerated().map { .init($1, $0 == 0 ? .left : .right) })
    for line in lines { table.append(line) }
    let heading =
      "Accuracy and CPU time over the number of transferred groups, architecture "
      + "\(results.plan.architecture), "
      + MatrixText.counted(results.plan.replicates, "replicate")
    guard let width = layout.width else { return heading + "\n\n" + table.rendered() }
    return heading.wrappedAsNote(to: width).joined(separator: "\n") + "\n\n"
      + (table.width <= width
        ? table.rendered() : curves.map { block($0, width) }.joined(separator: "\n"))
  }

  /// The curve of one place: a line for each depth, without times.
  private func block(_ curve: DepthCurve, _ width: Int) -> String {
    var table = TextTable(
      [.init("depth", .right)] + results.plan.arms.map { TextTable.Column($0.name, .right) })
    for index in curve.depths.indices {
      table.append(["\(curve.depths[index])"] + curve.arms.map { accuracy($0[index]) })
    }
    let labels = MatrixText.counted(curve.trainSize, "label")
    return "\(curve.similarity.label) similarity, \(labels)\n" + table.rendered(within: width)
  }

  private func markdown() -> String {
    let rule = titles.indices.map { $0 == 0 ? "---" : "---:" }
    return ([titles, rule] + lines).map(MarkdownLine.text).joined()
  }

  private func commaSeparated() -> String {
    let titles = [
      "similarity", "similarity_value", "train_size", "depth", "strategy", "replicate",
      "accuracy", "cpu_seconds",
    ]
    let lines = curves.flatMap { curve in
      curve.arms.flatMap { summaries in
        summaries.indices.flatMap { index in
          summaries[index].accuracies.indices.map { replicate in
            [
              curve.similarity.label, "\(curve.similarity.value ?? .nan)", "\(curve.trainSize)",
              "\(curve.depths[index])", summaries[index].arm.name, "\(replicate)",
              summaries[index].accuracies[replicate].map { "\($0)" } ?? "",
              summaries[index].cpuSeconds[replicate].map { "\($0)" } ?? "",
            ]
          }
        }
      }
    }
    return ([titles] + lines).map(CSVLine.text).joined()
  }

  private func json() -> String {
    let curves = curves.map { curve -> JSONValue in
      .object([
        "similarity": .string(curve.similarity.label),
        "train_size": .integer(curve.trainSize),
        "depths": .array(curve.depths.map { .integer($0) }),
        "strategies": .array(curve.arms.map(object)),
      ])
    }
    let claims = claims.map { claim -> JSONValue in
      .object([
        "train_size": .integer(claim.trainSize), "lower": .string(claim.lower.label),
        "higher": .string(claim.higher.label), "lower_fall": .number(claim.lowerFall),
        "higher_fall": .number(claim.higherFall),
        "interval_lower": .number(claim.interval?.lower),
        "interval_upper": .number(claim.interval?.upper),
        "verdict": .string(claim.verdict.rawValue),
      ])
    }
    return JSONValue.object([
      "format": .integer(1), "curves": .array(curves), "claims": .array(claims),
    ]).report
  }

  /// The curve of one strategy, from its measurements at each depth.
  private func object(_ summaries: [ArmSummary]) -> JSONValue {
    .object([
      "strategy": .string(summaries.first?.arm.name),
      "accuracy": .array(summaries.map { .number($0.meanAccuracy) }),
      "half_width": .array(summaries.map { .number($0.accuracyHalfWidth) }),
      "cpu_seconds": .array(summaries.map { .number($0.meanCPUSeconds) }),
    ])
  }

  private func legend() -> [String] {
    let explanations = [
      "depth: groups of layers transferred, from the input; the others are initialised randomly. "
        + "Groups: " + LayerGroup.backbone.map(\.rawValue).joined(separator: ", ") + ".",
      "A: from the source task. B: from the target task itself, with all its training examples.",
      "n: frozen. n+: trained further with the rest. Accuracy in % ± half the 95 % interval.",
    ]
    return explanations + claims.map(sentence)
  }

  private func sentence(_ claim: DepthClaim) -> String {
    let changes =
      "frozen, from the first to the last depth, accuracy changes by "
      + "\(signed(-claim.lowerFall)) points at \(claim.lower.label) and by "
      + "\(signed(-claim.higherFall)) at \(claim.higher.label) similarity"
    let interval = claim.interval.map { " (difference \(NumberText.bounds($0)))" } ?? ""
    let verdict =
      switch claim.verdict {
      case .supported: "it falls faster where the tasks differ more"
      case .refuted: "it does NOT fall faster where the tasks differ more"
      case .undecided, .notMeasured, .nothingLearns, .ceiling: "which falls faster is undecided"
      }
    return "n=\(claim.trainSize): \(changes)\(interval): \(verdict)."
  }

  private func signed(_ points: Double) -> String {
    (points > 0 ? "+" : "") + NumberText.points(points)
  }
}
