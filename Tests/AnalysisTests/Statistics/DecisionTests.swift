import Analysis
import Testing

/// Corrections, fronts and quantiles.
@Suite struct DecisionTests {
  /// Holm's adjusted p-values agree with statsmodels.
  @Test func holm() throws {
    let references = try Reference.load().holm
    #expect(references.count == 4)
    for reference in references {
      let adjusted = Holm.adjusted(reference.values)
      #expect(zip(adjusted, reference.adjusted).allSatisfy { isClose($0, $1) })
    }
  }

  /// The front consists of the cheapest, the most accurate, and those between that are not
  /// dominated.
  @Test func paretoFront() {
    // The third is dominated by the second, the last equals the first.
    let front = ParetoFront.indices(
      accuracies: [0.5, 0.8, 0.7, 0.9, 0.5], costs: [1, 3, 3, 9, 1])
    #expect(front == [0, 1, 3, 4])
  }

  /// Quantiles of samples agree with NumPy.
  @Test func sampleQuantiles() throws {
    let references = try Reference.load().sampleQuantiles
    #expect(references.count == 20)
    for reference in references {
      let value = Statistics.quantile(reference.values, reference.probability)
      #expect(isClose(value, reference.value))
    }
    #expect(Statistics.quantile([], 0.5) == nil)
  }
}
