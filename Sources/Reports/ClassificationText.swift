package import Analysis

/// A score of predictions as text: figures, a line per class, and the confusion matrix.
package struct ClassificationText {
  private let score: ClassificationScore
  private let classNames: [String]
  private let isDistribution: Bool

  /// - Parameter isDistribution: whether the probabilities of an example add up to 1; otherwise they
  ///   have no log-loss and no calibration error of this kind.
  /// - Precondition: a name for every class.
  package init(_ score: ClassificationScore, classNames: [String], isDistribution: Bool = true) {
    precondition(score.confusion.count == classNames.count, "a name for every class")
    self.score = score
    self.classNames = classNames
    self.isDistribution = isDistribution
  }

  /// More classes than this would not fit into a terminal: the matrix is left out.
  private static let largestMatrix = 20

  /// The text, ending in a newline.
  package func text() -> String {
    let count = score.confusion.reduce(0) { $0 + $1.reduce(0, +) }
    var text = """
      examples           \(count)
      accuracy           \(NumberText.percent(score.accuracy)) %

      """
    if isDistribution {
      text += """
        log-loss           \(NumberText.threeDigits(score.logLoss))
        calibration error  \(NumberText.percent(score.calibrationError)) %

        """
    }
    var table = TextTable(
      [.init("class"), .init("examples", .right), .init("recall %", .right)]
        + [.init("precision %", .right)])
    for (label, name) in classNames.enumerated() {
      table.append([
        name, "\(score.confusion[label].reduce(0, +))", percent(score.recall(of: label)),
        percent(score.precision(of: label)),
      ])
    }
    text += "\n" + table.rendered()
    guard classNames.count <= Self.largestMatrix else {
      return text + "\nThe confusion matrix of \(classNames.count) classes is left out.\n"
    }
    var matrix = TextTable(
      [.init("true \\ predicted")] + classNames.map { TextTable.Column($0, .right) })
    for (label, name) in classNames.enumerated() {
      matrix.append([name] + score.confusion[label].map(String.init))
    }
    return text + "\n" + matrix.rendered()
  }

  private func percent(_ share: Double?) -> String {
    share.map(NumberText.percent) ?? MatrixText.absent
  }
}

/// Predictions as a table: one line per example.
package enum PredictionsCSV {
  /// The header: number, part where there are several, label where it is known, prediction, and a
  /// column per class.
  package static func header(
    classNames: [String], hasLabels: Bool, hasParts: Bool = false
  ) -> String {
    CSVLine.text(
      ["example"] + (hasParts ? ["part"] : []) + (hasLabels ? ["label"] : []) + ["prediction"]
        + classNames.map { "p(\($0))" })
  }

  /// - Parameters:
  ///   - part: of its file; `nil` where there are not several.
  ///   - probabilities: of one example, `[classes]`.
  package static func line(
    example: Int, part: String? = nil, label: Int?, probabilities: [Float], classNames: [String]
  ) -> String {
    CSVLine.text(
      ["\(example)"] + (part.map { [$0] } ?? []) + (label.map { [classNames[$0]] } ?? [])
        + [classNames[ClassificationScore.prediction(probabilities)]]
        + probabilities.map { "\($0)" })
  }
}
