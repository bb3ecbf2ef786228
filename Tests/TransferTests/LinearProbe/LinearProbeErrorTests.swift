import Records
import Testing
import Transfer

struct LinearProbeErrorTests {
  private static func failure(
    features: [Float] = [1, 2, 3, 4, 5, 6], labels: [Int32] = [0, 1, 1], classes: Int = 2,
    strength: Double = 1
  ) -> Failure? {
    #expect(throws: Failure.self) {
      try LinearProbe.fit(
        features: features, labels: labels, classes: classes, strength: strength)
    }
  }

  /// A feature that is not finite is bad data, named with its example.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    let failure = Self.failure(features: [1, 2, 3, 4, 5, value])
    #expect(failure?.kind == .badData)
    #expect(failure?.reason == "feature 1 of example 2 is \(value)")
  }

  /// A label outside the classes is bad data, named with its example and the range.
  @Test(arguments: [-1, 2] as [Int32])
  func labelOutOfRange(label: Int32) {
    let failure = Self.failure(labels: [0, label, 1])
    #expect(failure?.kind == .badData)
    #expect(failure?.reason == "the label of example 1 is \(label), outside 0...1")
  }

  /// No examples, or examples without features, are bad data.
  @Test func empty() {
    #expect(Self.failure(features: [], labels: [])?.kind == .badData)
    #expect(Self.failure(features: [], labels: [0, 1])?.kind == .badData)
    #expect(Self.failure(features: [1], labels: [])?.kind == .badData)
  }

  /// Numbers that do not form one row per label are bad data.
  @Test func unequalRows() {
    #expect(Self.failure(labels: [0, 1, 1, 0])?.kind == .badData)
  }

  /// Fewer than two classes are refused.
  @Test(arguments: [-1, 0, 1])
  func tooFewClasses(classes: Int) {
    #expect(Self.failure(classes: classes)?.kind == .usage)
  }

  /// A strength that is not a positive number is refused.
  @Test(arguments: [0, -1, .nan, .infinity])
  func badStrength(strength: Double) {
    #expect(Self.failure(strength: strength)?.kind == .usage)
  }

  /// A probe refuses examples with another number of features.
  @Test func otherFeatureCount() throws {
    let probe = try LinearProbe.fit(
      features: [1, 2, 3, 4], labels: [0, 1], classes: 2, strength: 1)
    let failure = #expect(throws: Failure.self) {
      try probe.score(features: [1, 2, 3], labels: [0])
    }
    #expect(failure?.reason == "it takes 2 features, but 3 were given")
  }

  /// Too few iterations are reported, not hidden.
  @Test func notConverged() throws {
    let (features, labels) = normalClasses(count: 60, features: 4, classes: 3, distance: 1)
    let probe = try LinearProbe.fit(
      features: features, labels: labels, classes: 3, strength: 1,
      effort: LinearProbe.Effort(maximumIterations: 2))
    #expect(!probe.converged)
    #expect(probe.iterations == 2)
  }
}
