import Analysis
package import Records

extension ClassificationReport {
  /// The score for programs.
  ///
  /// The confusion matrix has a row per true class, and the bins of the reliability diagram have
  /// the mean of the highest probability as their confidence.
  package var members: JSONObject {
    [
      "accuracy": .metric(score.accuracy),
      "log_loss": .metric(isDistribution ? score.logLoss : nil),
      "calibration_error": .metric(isDistribution ? score.calibrationError : nil),
      "classes": .array(
        classNames.enumerated().map { label, name in
          .object([
            "name": .string(name),
            "examples": .integer(score.confusion[label].reduce(0, +)),
            "recall": .metric(score.recall(of: label)),
            "precision": .metric(score.precision(of: label)),
          ])
        }),
      "confusion": .array(
        score.confusion.map { row in .array(row.map { .integer($0) }) }),
      "calibration": isDistribution
        ? .array(
          score.calibration.map {
            .object([
              "examples": .integer($0.count), "confidence": .metric($0.confidence),
              "accuracy": .metric($0.accuracy),
            ])
          }) : .null,
    ]
  }
}
