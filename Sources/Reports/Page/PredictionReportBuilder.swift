package import Analysis
import Records

/// Predictions of a classifier on labelled examples, as a report names them.
package struct PredictionSource: Sendable {
  /// The names of the files of the classifier and of the examples.
  package let model, data: String
  /// What was predicted, in a sentence.
  package let summary: String
  package let classNames: [String]
  package let score: ClassificationScore
  /// Whether the probabilities of an example add up to 1; otherwise log-loss and calibration error
  /// are not defined.
  package let isDistribution: Bool
  package let toolVersion: String

  /// - Precondition: There is a name for every class.
  package init(
    model: String, data: String, summary: String, classNames: [String],
    score: ClassificationScore, isDistribution: Bool, toolVersion: String
  ) {
    precondition(score.confusion.count == classNames.count, "a name for every class")
    (self.model, self.data, self.summary) = (model, data, summary)
    (self.classNames, self.score) = (classNames, score)
    (self.isDistribution, self.toolVersion) = (isDistribution, toolVersion)
  }
}

extension ReportPage {
  /// The report on predictions: how accurate, how honest, and what is confused.
  package init(_ source: PredictionSource, title: String? = nil) {
    self.init(title: title, reports: [PredictionReportBuilder(source: source).report])
  }
}

/// The report on predictions.
struct PredictionReportBuilder {
  let source: PredictionSource

  private var score: ClassificationScore { source.score }

  private var count: Int { score.confusion.reduce(0) { $0 + $1.reduce(0, +) } }

  var report: PageReport {
    PageReport(
      kicker: "tlbench predict · \(source.model) · \(source.data)", headline: headline,
      lead: source.summary, cards: cards,
      sections: [reliability, confusion, classes].compactMap { $0 },
      facts: [
        PageFact(name: "classifier", text: source.model, isCode: true),
        PageFact(name: "examples", text: source.data, isCode: true),
        PageFact(name: "made by", text: "tlbench \(source.toolVersion)"),
      ],
      caution: "Accuracy on examples that a classifier was trained on says little about new ones.")
  }

  private var headline: String {
    "\(FigureText.decimal(100 * score.accuracy)) % of \(FigureText.counted(count, "example")) are "
      + "classified correctly"
  }

  private var cards: [PageCard] {
    let right = FigureText.grouped(
      score.confusion.indices.reduce(0) { $0 + score.confusion[$1][$1] })
    var cards = [
      PageCard(
        number: "\(FigureText.decimal(100 * score.accuracy)) %",
        text: "accuracy: \(right) of \(FigureText.counted(count, "example")) in "
          + "\(score.confusion.count) classes.")
    ]
    if source.isDistribution {
      cards += [
        PageCard(
          number: "\(FigureText.decimal(100 * score.calibrationError)) %",
          text: "calibration error: the mean distance between confidence and accuracy."),
        PageCard(
          number: NumberText.threeDigits(score.logLoss), text: "log-loss, in nats per example."),
      ]
    }
    return cards
  }

  private var reliability: PageSection? {
    guard source.isDistribution else { return nil }
    let bins = score.calibration.filter { $0.count > 0 }
    let confidence =
      bins.reduce(0) { $0 + $1.confidence * Double($1.count) } / Double(max(1, count))
    let gap = 100 * (confidence - score.accuracy)
    let points = "\(FigureText.decimal(gap.magnitude)) points"
    let title =
      gap.magnitude < 1
      ? "On average probabilities are honest, to within a point"
      : "The classifier is \(points) \(gap > 0 ? "too confident" : "too cautious") on average"
    return PageSection(
      id: "reliability", question: "Are probabilities honest?", title: title,
      explanation: Markup.text(
        "The fraction of examples that are classified correctly, in %, by the "
          + "probability of the predicted class. On the dashed line both are equal; bars show how "
          + "many examples there are."),
      blocks: [.figure(Reliability(score).figure)],
      note: "Fifteen bins of equal width, after Guo et al., “On Calibration of Modern Neural "
        + "Networks”, ICML 2017.")
  }

  private var confusion: PageSection {
    let matrix = ConfusionMatrix(score, classNames: source.classNames)
    let blocks: [PageSection.Block] =
      matrix.figure.map { [.figure($0)] } ?? [.markup(matrix.worstPairs)]
    return PageSection(
      id: "confusion", question: "Which classes are confused?", title: matrix.finding,
      explanation: matrix.figure == nil
        ? "The pairs of classes that are confused most often."
        : "Examples by true and predicted class; the colour is the fraction of the true class.",
      blocks: blocks)
  }

  private var classes: PageSection {
    let rows = source.classNames.indices.map { label in
      [
        source.classNames[label], "\(score.confusion[label].reduce(0, +))",
        percent(score.recall(of: label)), percent(score.precision(of: label)),
      ]
    }
    let worst = source.classNames.indices.compactMap { label in
      score.recall(of: label).map { (label, $0) }
    }.min { $0.1 < $1.1 }
    let title =
      worst.map {
        "The class that is found least often is \(source.classNames[$0.0]), "
          + "\(FigureText.decimal(100 * $0.1)) %"
      } ?? "No class has examples"
    return PageSection(
      id: "classes", question: "How well is each class found?", title: title,
      explanation: Markup.text(
        "Recall: the fraction of a class that is found; precision: the fraction of what "
          + "is taken for a class that belongs to it."),
      blocks: [
        .markup(
          DataTable("classes", ["class", "examples#", "recall, %#", "precision, %#"], rows)
            .disclosure(of: "all classes"))
      ])
  }

  private func percent(_ fraction: Double?) -> String {
    fraction.map { FigureText.decimal(100 * $0) } ?? ""
  }
}
