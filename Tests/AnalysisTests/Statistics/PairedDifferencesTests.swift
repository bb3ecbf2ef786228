import Analysis
import Testing

@Suite struct PairedDifferencesTests {
  /// p-values of the one-sided test agree with SciPy.
  @Test func pValuesAgreeWithSciPy() throws {
    let references = try Reference.load().greater
    #expect(references.count == 12)
    for reference in references {
      let value = PairedDifferences(reference.values).pValue(above: reference.threshold)
      #expect(isClose(value, reference.value))
    }
  }

  /// Only replicates that both sides have form a pair.
  @Test func pairs() {
    #expect(PairedDifferences([3, nil, 5, 1], [1, 2, nil, 4]).values == [2, -3])
  }

  /// The bounds of differences 1, 2, 3 at 97.5 %: 2 ± 2.484138, as in the test of the interval.
  @Test func boundsByHand() {
    let differences = PairedDifferences([1, 2, 3])
    #expect(isClose(differences.upperBound(confidence: 0.975), 4.484138, within: 1e-6))
    #expect(isClose(differences.lowerBound(confidence: 0.975), -0.484138, within: 1e-6))
  }

  /// One pair has no standard deviation, and so no bounds.
  @Test func onePair() {
    let differences = PairedDifferences([40])
    #expect(differences.mean == 40)
    #expect(differences.interval() == nil && differences.pValue(above: 0) == nil)
    #expect(differences.lowerBound(confidence: 0.5) == -.infinity)
    #expect(differences.upperBound(confidence: 0.5) == .infinity)
  }

  /// Equal differences decide: they are above the threshold or not.
  @Test(arguments: [(1.0, 0.0), (2.0, 1.0), (3.0, 1.0)])
  func noSpread(threshold: Double, expected: Double) {
    #expect(PairedDifferences([2, 2, 2]).pValue(above: threshold) == expected)
  }
}
