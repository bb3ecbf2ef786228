import Records
import TaskData
import Tensors
import Testing
import Transfer

struct LinearProbeStrengthTests {
  private static func choose(
    distance: Float, from strengths: [Double] = LinearProbe.powersOfTen, seed: UInt64 = 7
  ) throws -> (probe: LinearProbe, choice: LinearProbe.StrengthChoice) {
    let (features, labels) = normalClasses(
      count: 150, features: 30, classes: 3, distance: distance)
    return try LinearProbe.choosingStrength(
      features: features, labels: labels, classes: 3, from: strengths, seed: seed)
  }

  /// The chosen strength is the one with the lowest log-loss on the part held out.
  @Test func lowestValidationLoss() throws {
    let choice = try Self.choose(distance: 0.5).choice
    #expect(choice.candidates.map(\.strength) == LinearProbe.powersOfTen)
    let best = choice.candidates.min { $0.validationLogLoss < $1.validationLogLoss }
    #expect(choice.chosen == best?.strength)
    #expect(choice.candidates.allSatisfy { $0.converged })
  }

  /// The log-loss of a candidate is what a fit of its own on the inner part scores.
  @Test func candidateIsAFit() throws {
    let (features, labels) = normalClasses(count: 150, features: 30, classes: 3, distance: 0.5)
    let parts = Subset.split(
      Array(0..<150), labels: labels, classCount: 3, holdOut: 0.2, seed: 7)
    func rows(_ indices: [Int]) -> [Float] {
      indices.flatMap { features[$0 * 30..<($0 + 1) * 30] }
    }
    for candidate in try Self.choose(distance: 0.5).choice.candidates where candidate.strength < 10
    {
      let probe = try LinearProbe.fit(
        features: rows(parts.train), labels: parts.train.map { labels[$0] }, classes: 3,
        strength: candidate.strength)
      let score = try probe.score(
        features: rows(parts.validation), labels: parts.validation.map { labels[$0] })
      #expect(abs(candidate.validationLogLoss / score.logLoss - 1) < 0.01)
    }
  }

  /// The probe is the fit of all examples with the chosen strength.
  @Test func refitsOnEverything() throws {
    let (probe, choice) = try Self.choose(distance: 0.5)
    let (features, labels) = normalClasses(count: 150, features: 30, classes: 3, distance: 0.5)
    let direct = try LinearProbe.fit(
      features: features, labels: labels, classes: 3, strength: choice.chosen)
    #expect(probe.strength == choice.chosen)
    #expect(probe.converged)
    #expect(abs(probe.loss / direct.loss - 1) < 1e-6)
  }

  /// Labels that features say nothing about ask for more penalty than labels that they decide.
  @Test func noiseWantsPenalty() throws {
    let noise = try Self.choose(distance: 0).choice.chosen
    let signal = try Self.choose(distance: 3).choice.chosen
    #expect(noise < signal)
  }

  /// The order of the strengths and their repetition do not matter.
  @Test func order() throws {
    let forward = try Self.choose(distance: 1, from: [0.01, 1, 100])
    let backward = try Self.choose(distance: 1, from: [100, 0.01, 1, 1])
    #expect(forward.choice == backward.choice)
    #expect(forward.probe.kernel == backward.probe.kernel)
  }

  /// A class without any example is no obstacle.
  @Test func missingClass() throws {
    let (features, labels) = normalClasses(count: 60, features: 4, classes: 3, distance: 2)
    let (probe, choice) = try LinearProbe.choosingStrength(
      features: features, labels: labels, classes: 4, seed: 1)
    #expect(probe.kernel.shape == [4, 4])
    #expect(choice.candidates.allSatisfy { $0.validationLogLoss.isFinite })
  }

  /// One example per class leaves nothing to hold out, and the error says what to do.
  @Test func tooFewExamples() {
    let error = #expect(throws: Failure.self) {
      try LinearProbe.choosingStrength(
        features: [1, 2, 3], labels: [0, 1, 2], classes: 3, seed: 1)
    }
    #expect(error?.kind == .usage)
    #expect(error?.remedy == "Give one strength, such as 1.")
  }

  /// An empty list of strengths and strengths that are not positive numbers are refused.
  @Test(arguments: [[], [1, 0], [-1], [.nan], [.infinity]])
  func badStrengths(strengths: [Double]) {
    let error = #expect(throws: Failure.self) { try Self.choose(distance: 1, from: strengths) }
    #expect(error?.kind == .usage)
  }
}
