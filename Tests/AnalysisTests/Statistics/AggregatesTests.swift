import Analysis
import Testing

@Suite struct AggregatesTests {
  /// The probability of improvement agrees with rliable.
  @Test func probabilityOfImprovement() throws {
    let reference = try Reference.load().scores
    let value = Aggregates.probabilityOfImprovement(reference.scores, over: reference.rivals)
    #expect(isClose(value, reference.probabilityOfImprovement))
  }

  /// Ties count half, and tasks without runs are ignored: (1 + 0.5 + 0 + 0) / 4.
  @Test func improvementByHand() {
    let value = Aggregates.probabilityOfImprovement([[3, 1], []], over: [[2, 3], [1]])
    #expect(value == 1.5 / 4)
    #expect(Aggregates.probabilityOfImprovement([[]], over: [[1]]) == nil)
  }
}
