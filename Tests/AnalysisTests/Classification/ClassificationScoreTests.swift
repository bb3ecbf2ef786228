import Analysis
import Testing

/// Checked by hand on four examples of three classes.
struct ClassificationScoreTests {
  private let score = ClassificationScore(
    probabilities: [
      [0.75, 0.125, 0.125], [0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.125, 0.125, 0.75],
    ],
    labels: [0, 1, 1, 2], binCount: 4)

  /// Rows are true classes, columns predictions.
  @Test func confusion() {
    #expect(score.confusion == [[1, 0, 0], [1, 1, 0], [0, 0, 1]])
  }

  /// Three of four are right.
  @Test func accuracy() { #expect(score.accuracy == 0.75) }

  /// -(ln 0.75 + ln 0.5 + ln 0.25 + ln 0.75) / 4.
  @Test func logLoss() { #expect(abs(score.logLoss - 0.6637015) < 1e-6) }

  /// The recall of the second class and the precision of the first are one half.
  @Test func recallAndPrecision() {
    #expect(score.recall(of: 1) == 0.5)
    #expect(score.precision(of: 0) == 0.5)
    #expect(score.precision(of: 1) == 1)
  }

  /// Confidences of 0.5 are in the bin (0.25, 0.5], those of 0.75 in (0.5, 0.75]: half of |0.5 -
  /// 0.5| and half of |1 - 0.75|.
  @Test func calibration() {
    #expect(score.calibration.map(\.count) == [0, 2, 2, 0])
    #expect(score.calibrationError == 0.125)
  }

  /// A class without examples has no recall, and one that is never predicted no precision.
  @Test func absentClasses() {
    let score = ClassificationScore(probabilities: [[1, 0]], labels: [0])
    #expect(score.recall(of: 1) == nil)
    #expect(score.precision(of: 1) == nil)
    #expect(score.calibrationError == 0)
  }

  /// The first of equal probabilities is the prediction.
  @Test func ties() { #expect(ClassificationScore.prediction([0.4, 0.4, 0.2]) == 0) }
}
