import Analysis
import Testing

/// Corrections, equivalence, rankings and fronts.
@Suite struct DecisionTests {
  /// Holm's adjusted p-values are those of statsmodels.
  @Test func holm() throws {
    let references = try Reference.load().holm
    #expect(references.count == 4)
    for reference in references {
      let adjusted = Holm.adjusted(reference.values)
      #expect(zip(adjusted, reference.adjusted).allSatisfy { isClose($0, $1) })
    }
  }

  /// Two one-sided tests agree with SciPy's t tests.
  @Test func equivalence() throws {
    let references = try Reference.load().equivalences
    #expect(references.count == 12)
    for reference in references {
      let value = Equivalence.pValue(reference.values, margin: reference.margin)
      #expect(isClose(value, reference.value))
    }
  }

  /// The bootstrap form asks whether the interval lies within the margin.
  @Test func equivalenceByBootstrap() {
    let differences = [0.2, -0.1, 0.3, 0.1, -0.2, 0.05, 0.15, 0]
    #expect(Equivalence.holdsByBootstrap(differences, margin: 0.5, seed: 1) == true)
    #expect(Equivalence.holdsByBootstrap(differences, margin: 0.1, seed: 1) == false)
    #expect(Equivalence.holdsByBootstrap([1], margin: 5, seed: 1) == nil)
  }

  /// Both taus are SciPy's, with ties and without.
  @Test func kendall() throws {
    let references = try Reference.load().rankings
    #expect(references.count == 4)
    for reference in references {
      #expect(isClose(KendallTau.tauB(reference.first, reference.second), reference.tauB))
      #expect(isClose(KendallTau.weighted(reference.first, reference.second), reference.weighted))
    }
  }

  /// A side without order has no correlation.
  @Test func kendallOfEqualValues() {
    #expect(KendallTau.tauB([1, 1, 1], [1, 2, 3]) == nil)
    #expect(KendallTau.weighted([1, 2], [4, 4]) == nil)
    #expect(KendallTau.tauB([1], [2]) == nil)
  }

  /// On the front are the cheapest, the most accurate, and what is between without being beaten.
  @Test func paretoFront() {
    // The third is beaten by the second, the last equals the first.
    let front = ParetoFront.indices(
      accuracies: [0.5, 0.8, 0.7, 0.9, 0.5], costs: [1, 3, 3, 9, 1])
    #expect(front == [0, 1, 3, 4])
  }

  /// Normal quantiles agree with SciPy far into the tails.
  @Test func normalQuantiles() throws {
    for reference in try Reference.load().normalQuantiles {
      #expect(isClose(Normal.quantile(reference.probability), reference.value))
    }
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
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
