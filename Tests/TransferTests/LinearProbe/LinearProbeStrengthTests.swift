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

  /// The chosen strength has the most hits on the examples left out, and of those with as many the
  /// lowest log-loss.
  @Test(arguments: [0.25, 0.5, 3] as [Float])
  func mostHits(distance: Float) throws {
    let choice = try Self.choose(distance: distance).choice
    #expect(choice.candidates.map(\.strength) == LinearProbe.powersOfTen)
    let most = choice.candidates.map(\.correct).max()
    let best = choice.candidates.filter { $0.correct == most }
      .min { $0.validationLogLoss < $1.validationLogLoss }
    #expect(choice.chosen == best?.strength)
    #expect(choice.candidates.allSatisfy { $0.converged })
  }

  /// Hits and log-loss of a candidate are those of five fits, each without one fold.
  @Test func candidateIsFiveFits() throws {
    let (features, labels) = normalClasses(count: 150, features: 30, classes: 3, distance: 0.5)
    let scale = FeatureScale(of: features, features: 30)
    // Standardized over all rows, as the folds are.
    let standardized = features.enumerated().map { index, value in
      Float((Double(value) - scale.mean[index % 30]) / scale.deviation[index % 30])
    }
    let folds = Subset.folds(labels: labels, classCount: 3, count: 5, seed: 7).folds
    func rows(_ indices: [Int]) -> (features: [Float], labels: [Int32]) {
      (
        indices.flatMap { standardized[$0 * 30..<($0 + 1) * 30] }, indices.map { labels[$0] }
      )
    }
    let candidate = try #require(
      Self.choose(distance: 0.5).choice.candidates.first { $0.strength == 0.1 })
    var (loss, correct) = (0.0, 0)
    for fold in folds {
      let (train, held) = (rows((0..<150).filter { !fold.contains($0) }), rows(fold))
      let fit = try Self.minimum(train.features, train.labels, classes: 3, strength: 0.1)
      let pass = try SoftmaxRows(held.features, labels: held.labels, classes: 3)
        .pass(kernel: fit.kernel, bias: fit.bias, gradient: false)
      loss += pass.loss
      correct += pass.correct
    }
    #expect(candidate.correct == correct)
    #expect(abs(candidate.validationLogLoss / (loss / 150) - 1) < 1e-3)
  }

  /// The minimum of the mean cross-entropy + |W|² / (2 C n) for features as given.
  private static func minimum(
    _ features: [Float], _ labels: [Int32], classes: Int, strength: Double
  ) throws -> (kernel: [Float], bias: [Float]) {
    let rows = try SoftmaxRows(features, labels: labels, classes: classes)
    let (weights, count) = (rows.features * classes, Double(labels.count))
    func split(_ parameters: [Double]) -> (kernel: [Float], bias: [Float]) {
      (parameters[..<weights].map { Float($0) }, parameters[weights...].map { Float($0) })
    }
    let search = LBFGS(gradientTolerance: 1e-6, valueNoise: 1e-7)
    let start = [Double](repeating: 0, count: weights + classes)
    let result = search.minimize(from: start) { parameters in
      let (kernel, bias) = split(parameters)
      let pass = rows.pass(kernel: kernel, bias: bias, gradient: true)
      let squares = parameters[..<weights].reduce(0) { $0 + $1 * $1 }
      let gradient =
        zip(pass.kernelGradient, parameters).map { ($0 + $1 / strength) / count }
        + pass.biasGradient.map { $0 / count }
      return (pass.loss / count + squares / (2 * strength * count), gradient)
    }
    return split(result.parameters)
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

  /// Examples that are the only ones of their class are always trained on, and the others are left
  /// out in turn.
  @Test func singleExamples() throws {
    let (features, labels) = normalClasses(count: 62, features: 4, classes: 3, distance: 2)
    let singles = labels.enumerated().map { $0 < 60 ? $1 : Int32($0 - 57) }
    let (probe, choice) = try LinearProbe.choosingStrength(
      features: features, labels: singles, classes: 5, seed: 1)
    #expect(probe.kernel.shape == [4, 5])
    #expect(choice.candidates.allSatisfy { $0.validationLogLoss.isFinite && $0.correct <= 60 })
    #expect(choice.candidates.contains { $0.validationAccuracy == Double($0.correct) / 60 })
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

  /// With fewer examples than folds, not counting those alone in their class, there is nothing to
  /// choose by, and the error says what to do.
  @Test(arguments: [[0, 1, 2], [0, 0, 1, 1, 2, 3, 4, 5]] as [[Int32]])
  func tooFewExamples(labels: [Int32]) {
    #expect(!LinearProbe.canChooseStrength(labels: labels))
    let error = #expect(throws: Failure.self) {
      try LinearProbe.choosingStrength(
        features: labels.map { Float($0) }, labels: labels, classes: 6, seed: 1)
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
