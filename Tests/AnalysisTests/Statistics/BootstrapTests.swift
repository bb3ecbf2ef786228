import Analysis
import Testing

@Suite struct BootstrapTests {
  /// Up to five values both intervals are those of all resamples, as NumPy enumerates them.
  @Test(arguments: Bootstrap.Method.allCases)
  func exactAgreesWithEnumeration(method: Bootstrap.Method) throws {
    let references = try Reference.load().exactBootstraps
    #expect(references.map(\.first.count) == [2, 3, 4, 5])
    for reference in references {
      let interval = try #require(
        Bootstrap.interval(differences(reference), method: method, seed: 1))
      let expected = method == .bca ? reference.bca : reference.percentile
      #expect(isClose(interval.lower, expected[0]) && isClose(interval.upper, expected[1]))
    }
  }

  /// Ten thousand draws agree with SciPy's 200,000 within the noise of drawing.
  ///
  /// The standard error of the 2.5 % quantile is √(0.025 · 0.975 / 10,000) / density, about 0.03
  /// here; SciPy's percentile interval is 0.34 to 3.38.
  @Test(arguments: Bootstrap.Method.allCases)
  func drawnAgreesWithSciPy(method: Bootstrap.Method) throws {
    let reference = try Reference.load().drawnBootstrap
    let interval = try #require(
      Bootstrap.interval(differences(reference), method: method, seed: 1))
    let expected = method == .bca ? reference.bca : reference.percentile
    #expect(isClose(interval.lower, expected[0], within: 0.12))
    #expect(isClose(interval.upper, expected[1], within: 0.12))
  }

  /// The same seed gives the same interval.
  @Test func drawnIsReproducible() {
    let values = [0.5, -0.25, 0, 2, 0, -1, 2]
    #expect(Bootstrap.interval(values, seed: 5) == Bootstrap.interval(values, seed: 5))
  }

  /// Another seed draws other resamples.
  @Test func drawnDependsOnSeed() {
    let values = (0..<12).map { Double($0 * $0) * 1.37 - Double($0) * 0.71 }
    #expect(Set((0..<8).map { Bootstrap.interval(values, seed: $0) }).count > 1)
  }

  /// Equal values give an interval without width.
  @Test(arguments: Bootstrap.Method.allCases)
  func equalValues(method: Bootstrap.Method) {
    #expect(
      Bootstrap.interval(Array(repeating: 2, count: 8), method: method, seed: 3)
        == ConfidenceInterval(lower: 2, upper: 2))
  }

  /// A skewed sample moves the corrected interval towards its long tail.
  @Test func correctionFollowsTheTail() throws {
    let values = [0.0, 0, 0, 1, 1, 2, 3, 12]
    let plain = try #require(Bootstrap.interval(values, seed: 1))
    let corrected = try #require(Bootstrap.interval(values, method: .bca, seed: 1))
    #expect(corrected.lower > plain.lower && corrected.upper > plain.upper)
  }

  /// Fewer than two values have no interval.
  @Test(arguments: [[], [0.7]])
  func tooFewValues(values: [Double]) {
    #expect(Bootstrap.interval(values, seed: 1) == nil)
  }

  private func differences(_ reference: Reference.Bootstrap) -> [Double] {
    zip(reference.first, reference.second).map { $0 - $1 }
  }
}
