import RealModule

/// Metrics of predicted class probabilities against true labels.
package struct ClassificationScore: Sendable, Hashable {
  /// The confusion matrix: a row per true class, a column per predicted class.
  package let confusion: [[Int]]
  /// The fraction of examples classified correctly, 0...1.
  package let accuracy: Double
  /// Mean negative log-likelihood, in nats; infinite if a true class got probability 0.
  package let logLoss: Double
  /// Mean distance between confidence and accuracy, 0...1; see ``calibration``.
  package let calibrationError: Double
  /// The examples in bins of equal width by the probability of the predicted class.
  package let calibration: [Bin]

  /// The examples whose confidence is within one range.
  package struct Bin: Sendable, Hashable {
    package let count: Int
    /// Mean probability of the predicted class, 0...1; 0 if there is no example.
    package let confidence: Double
    /// The fraction classified correctly, 0...1; 0 if there is no example.
    package let accuracy: Double
  }

  /// - Parameters:
  ///   - probabilities: The predictions, `[count][classes]`, each row with sum 1.
  ///   - labels: The true classes, `[count]`.
  ///   - binCount: The number of bins of the calibration; 15 as in Guo, Pleiss, Sun and Weinberger,
  ///     "On Calibration of Modern Neural Networks", ICML 2017, whose expected calibration error
  ///     this is.
  /// - Precondition: There are as many rows as labels, at least one, and every label is a class.
  package init(probabilities: [[Float]], labels: [Int], binCount: Int = 15) {
    precondition(probabilities.count == labels.count && !labels.isEmpty, "a label for every row")
    let classes = probabilities[0].count
    var confusion = Array(repeating: Array(repeating: 0, count: classes), count: classes)
    var sums = Array(repeating: (count: 0, confidence: 0.0, correct: 0), count: binCount)
    var loss = 0.0
    for (row, label) in zip(probabilities, labels) {
      let predicted = Self.prediction(row)
      confusion[label][predicted] += 1
      loss -= Double.log(Double(row[label]))
      let confidence = Double(row[predicted])
      // A bin includes its upper bound and excludes its lower one.
      let bin = min(max(Int((confidence * Double(binCount)).rounded(.up)) - 1, 0), binCount - 1)
      sums[bin].count += 1
      sums[bin].confidence += confidence
      sums[bin].correct += predicted == label ? 1 : 0
    }
    self.confusion = confusion
    let count = Double(labels.count)
    accuracy = Double(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }) / count
    logLoss = loss / count
    calibration = sums.map { sum in
      guard sum.count > 0 else { return Bin(count: 0, confidence: 0, accuracy: 0) }
      return Bin(
        count: sum.count, confidence: sum.confidence / Double(sum.count),
        accuracy: Double(sum.correct) / Double(sum.count))
    }
    calibrationError = calibration.reduce(0) {
      $0 + Double($1.count) / count * abs($1.accuracy - $1.confidence)
    }
  }

  /// The class of the largest probability, the first one on a tie.
  package static func prediction(_ probabilities: [Float]) -> Int {
    probabilities.indices.dropFirst().reduce(0) {
      probabilities[$1] > probabilities[$0] ? $1 : $0
    }
  }

  /// The fraction of a class's examples that were predicted as the class, 0...1; `nil` if it has
  /// none.
  package func recall(of label: Int) -> Double? {
    ratio(confusion[label][label], confusion[label].reduce(0, +))
  }

  /// The fraction of the examples predicted as a class that belong to it, 0...1; `nil` without any.
  package func precision(of label: Int) -> Double? {
    ratio(confusion[label][label], confusion.reduce(0) { $0 + $1[label] })
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double? {
    whole > 0 ? Double(part) / Double(whole) : nil
  }
}
