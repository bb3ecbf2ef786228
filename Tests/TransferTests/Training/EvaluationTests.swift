import Testing
import Transfer

/// What early stopping and the choice of rates prefer.
struct EvaluationTests {
  private let earlier = Evaluation(accuracy: 0.5, logLoss: 1)

  /// More hits win, whatever the loss; as many do with a lower loss; a tie goes to the earlier one.
  @Test(
    arguments: [
      (0.6, 9, true), (0.4, 0.1, false), (0.5, 0.9, true), (0.5, 1.1, false), (0.5, 1, false),
    ] as [(Double, Double, Bool)])
  func order(accuracy: Double, loss: Double, isBetter: Bool) {
    let evaluation = Evaluation(accuracy: accuracy, logLoss: loss)
    #expect(evaluation.isBetter(than: earlier) == isBetter)
    #expect(evaluation.isBetter(than: nil))
  }

  /// A loss that is not finite is never preferred, not even to nothing.
  @Test(arguments: [Double.nan, .infinity]) func notFinite(loss: Double) {
    let evaluation = Evaluation(accuracy: 1, logLoss: loss)
    #expect(!evaluation.isBetter(than: earlier) && !evaluation.isBetter(than: nil))
  }
}
