import Analysis
import Testing

@Suite struct PairedBootstrapTests {
  /// Up to five pairs the interval is that of all resamples, as NumPy enumerates them.
  @Test func exactAgreesWithEnumeration() throws {
    let references = try Reference.load().exactBootstraps
    #expect(references.map(\.first.count) == [2, 3, 4, 5])
    for reference in references {
      let interval = try #require(
        PairedBootstrap.meanDifferenceInterval(reference.first, reference.second, seed: 1))
      #expect((interval.lower - reference.interval[0]).magnitude < 1e-9)
      #expect((interval.upper - reference.interval[1]).magnitude < 1e-9)
    }
  }

  /// With three pairs each of the 27 resamples has 3.7 %, more than the 2.5 % that may lie beyond,
  /// so that the interval spans the differences: −1, 0.5 and 3 here.
  @Test func threePairsSpanTheDifferences() throws {
    let interval = try #require(
      PairedBootstrap.meanDifferenceInterval([1, 2, 5], [2, 1.5, 2], seed: 1))
    #expect(interval == ConfidenceInterval(lower: -1, upper: 3))
  }

  /// Ten thousand draws agree with SciPy's million within the noise of drawing.
  ///
  /// The standard error of the 2.5 % quantile is √(0.025 · 0.975 / 10,000) / density, about 0.03
  /// here; SciPy's interval is 0.34 to 3.38.
  @Test func drawnAgreesWithSciPy() throws {
    let reference = try Reference.load().drawnBootstrap
    let interval = try #require(
      PairedBootstrap.meanDifferenceInterval(reference.first, reference.second, seed: 1))
    #expect((interval.lower - reference.interval[0]).magnitude < 0.12)
    #expect((interval.upper - reference.interval[1]).magnitude < 0.12)
  }

  /// The same seed gives the same interval.
  @Test func drawnIsReproducible() {
    let (first, second) = ([1.0, 3, 2, 8, 4, 1, 9], [0.5, 3.25, 2, 6, 4, 2, 7])
    #expect(
      PairedBootstrap.meanDifferenceInterval(first, second, seed: 5)
        == PairedBootstrap.meanDifferenceInterval(first, second, seed: 5))
  }

  /// Another seed draws other resamples.
  @Test func drawnDependsOnSeed() {
    let first = (0..<12).map { Double($0 * $0) * 1.37 }
    let second = (0..<12).map { Double($0) * 0.71 }
    let intervals = Set(
      (0..<8).map { PairedBootstrap.meanDifferenceInterval(first, second, seed: $0) })
    #expect(intervals.count > 1)
  }

  /// What both sides of a pair share cancels: a constant difference has no width.
  @Test func constantDifference() {
    let second = [1.0, 7, 2, 9, 4, 3, 8, 5]
    #expect(
      PairedBootstrap.meanDifferenceInterval(second.map { $0 + 2 }, second, seed: 3)
        == ConfidenceInterval(lower: 2, upper: 2))
  }

  /// Fewer than two pairs have no interval.
  @Test(arguments: [[], [0.7]])
  func tooFewPairs(values: [Double]) {
    #expect(PairedBootstrap.meanDifferenceInterval(values, values, seed: 1) == nil)
  }
}
