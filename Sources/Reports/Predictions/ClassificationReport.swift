package import Analysis

/// A score of predictions as text: accuracy and calibration, a line per class, and the confusion
/// matrix.
package struct ClassificationReport {
  let score: ClassificationScore
  let classNames: [String]
  let isDistribution: Bool

  /// - Parameter isDistribution: Whether the probabilities of an example add up to 1; otherwise
  ///   log-loss and calibration error are not defined and not printed.
  /// - Precondition: There is a name for every class.
  package init(_ score: ClassificationScore, classNames: [String], isDistribution: Bool = true) {
    precondition(score.confusion.count == classNames.count, "a name for every class")
    self.score = score
    self.classNames = classNames
    self.isDistribution = isDistribution
  }

  /// The most classes for which the confusion matrix is printed; more do not fit into a terminal.
  private static let largestMatrix = 20

  /// The text, ending in a newline; its last sentence is the finding.
  ///
  /// - Parameter layout: the terminal that the text is laid out for (default: a file).
  package func text(layout: TextLayout = .file) -> String {
    let count = score.confusion.reduce(0) { $0 + $1.reduce(0, +) }
    var text = """
      examples           \(NumberText.count(count))
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
        name, NumberText.count(score.confusion[label].reduce(0, +)),
        percent(score.recall(of: label)), percent(score.precision(of: label)),
      ])
    }
    text += "\n" + table.rendered(within: layout.width)
    let ending = "\n" + finding(count).wrapped(to: layout.prose(118)).joined(separator: "\n") + "\n"
    guard classNames.count <= Self.largestMatrix else {
      let classes = NumberText.count(classNames.count)
      return text + "\nConfusion matrix omitted (\(classes) classes; limit "
        + "\(Self.largestMatrix)).\n" + ending
    }
    var matrix = TextTable(
      [.init("true \\ predicted")] + classNames.map { TextTable.Column($0, .right) })
    for (label, name) in classNames.enumerated() {
      matrix.append([name] + score.confusion[label].map(NumberText.count))
    }
    return text + "\n" + matrix.rendered(within: layout.width) + ending
  }

  /// The accuracy in a sentence, with the class that is recognized least often.
  private func finding(_ count: Int) -> String {
    let examples = MatrixText.counted(count, "example")
    let weakest = classNames.indices.compactMap { label in
      score.recall(of: label).map { (name: classNames[label], recall: $0) }
    }.min { $0.recall < $1.recall }
    let rest =
      weakest.map {
        $0.recall < score.accuracy
          ? ", and \($0.name) least often, \(NumberText.percent($0.recall)) %" : ""
      } ?? ""
    return "Finding: \(NumberText.percent(score.accuracy)) % of \(examples) are recognized\(rest)."
  }

  private func percent(_ fraction: Double?) -> String {
    fraction.map(NumberText.percent) ?? MatrixText.absent
  }
}

/// Predictions as comma-separated values: one line per example.
package enum PredictionsCSV {
  /// The header: number, path of the picture if it is known, part if there are several, label if it
  /// is known, prediction, and a column per class.
  package static func header(
    classNames: [String], hasLabels: Bool, hasParts: Bool = false, hasPaths: Bool = false
  ) -> String {
    CSVLine.text(
      ["example"] + (hasPaths ? ["path"] : []) + (hasParts ? ["part"] : [])
        + (hasLabels ? ["label"] : []) + ["prediction"] + classNames.map { "p(\($0))" })
  }

  /// One example.
  ///
  /// - Parameters:
  ///   - path: The path of the picture; `nil` if the paths are not known.
  ///   - part: The part of the file that the example is in; `nil` if there is only one.
  ///   - probabilities: The example's probabilities, `[classes]`.
  package static func line(
    example: Int, path: String? = nil, part: String? = nil, label: Int?, probabilities: [Float],
    classNames: [String]
  ) -> String {
    CSVLine.text(
      ["\(example)"] + [path, part, label.map { classNames[$0] }].compactMap(\.self)
        + [classNames[ClassificationScore.prediction(probabilities)]]
        + probabilities.map { "\($0)" })
  }
}
