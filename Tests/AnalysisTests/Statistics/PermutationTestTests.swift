import Analysis
import Testing

@Suite struct PermutationTestTests {
  /// With all signs tried the p-values are SciPy's.
  @Test func exactAgreesWithSciPy() throws {
    let references = try Reference.load().permutations
    #expect(references.count == 5)
    for reference in references {
      #expect(isClose(PermutationTest.pValue(reference.values, seed: 1), reference.value))
    }
  }

  /// Drawn signs come near the p-value of all 2^20: its standard error is
  /// √(0.084 · 0.916 / 10,000) = 0.003.
  @Test func drawnAgreesWithSciPy() throws {
    let reference = try Reference.load().drawnPermutation
    let value = PermutationTest.pValue(reference.values, seed: 1)
    #expect(isClose(value, reference.value, within: 0.012))
  }

  /// Drawn signs depend on the seed and on nothing else.
  @Test func drawnIsReproducible() {
    let values = (0..<30).map { Double($0 % 7) - 2.5 }
    let pValues = (0..<4).map { PermutationTest.pValue(values, seed: $0) }
    #expect(Set(pValues).count > 1)
    #expect(PermutationTest.pValue(values, seed: 2) == pValues[2])
  }

  /// A drawn p-value is never zero, however far apart the sides are.
  @Test func neverZero() {
    let value = PermutationTest.pValue(Array(repeating: 1, count: 200), seed: 1)
    #expect(isClose(value, 1.0 / 10_001))
  }

  /// Nothing has no p-value.
  @Test func nothing() {
    #expect(PermutationTest.pValue([], seed: 1) == nil)
  }
}
