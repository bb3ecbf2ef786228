import Foundation
import Records
import TaskData
import Testing

import Transfer

/// Strategies that are trained without a fold, and looks at features.
struct FoldRunsTests {
  private func runs(
    _ images: LabeledImages, seed: UInt64 = 3,
    sharing features: FeatureCache = FeatureCache(capacity: 1 << 24)
  ) throws -> FoldRuns {
    let images = images.identified(as: "sample")
    return FoldRuns(
      model: try Architecture.simple.sampleModel(), images: images,
      folds: try Folds(labels: images.labels, classNames: images.classNames, seed: seed),
      features: features, seed: seed)
  }

  /// The features that a race keeps are as large as expected, however many folds are trained.
  @Test func features() throws {
    let cache = FeatureCache(capacity: 1 << 24)
    let runs = try runs(separableImages(60), sharing: cache)
    var expected: [String: Int] = [:]
    for arm in [Arm.linearProbe, .fineTuning] {
      for fold in 0..<2 { _ = try runs.measure(arm, RacePiece(strategy: arm.name, fold: fold)) }
      let own = try #require(
        runs.run(arm, fold: 0).featureBytes(trainSize: 48, classes: runs.images.classCount))
      expected.merge(own) { known, _ in known }
      #expect(cache.bytes == 60 * expected.values.reduce(0, +), "\(arm.name)")
    }
  }

  /// A piece says of every example of its fold whether it is right, as the evaluation of the
  /// trained network does, and does not depend on what was trained before.
  @Test func pieces() throws {
    let runs = try runs(separableImages(60))
    let piece = RacePiece(strategy: "linear-probe", fold: 1)
    let result = try runs.measure(.linearProbe, piece)
    let test = runs.images.selecting(runs.folds.parts[1])
    let train = runs.images.selecting(runs.folds.training(without: 1))
    let network = try runs.run(.linearProbe, fold: 1).train(on: train).network
    let evaluation = try Evaluator.evaluate(network, on: test)
    #expect(result.correct.count == test.count && result.logLosses.count == test.count)
    #expect(
      abs(Double(result.correct.count { $0 }) / Double(test.count) - evaluation.accuracy) < 1e-9)
    let mean = result.logLosses.reduce(0, +) / Double(test.count)
    #expect(abs(mean - evaluation.logLoss) < 1e-4)
    _ = try runs.measure(.linearProbe, RacePiece(strategy: "linear-probe", fold: 0, divisor: 2))
    let again = try runs.measure(.linearProbe, piece)
    #expect(again.correct == result.correct && again.logLosses == result.logLosses)
  }

  /// Guessing names the most frequent class of the training examples.
  @Test func guessing() throws {
    let noise = noiseImages(60)
    let rows = (0..<60).filter { noise.labels[$0] == 1 || $0 % 2 == 0 }
    let runs = try runs(noise.selecting(rows))
    let result = FoldRuns.guess(runs.images, runs.folds, fold: 0)
    #expect(result.correct == runs.folds.parts[0].map { runs.images.labels[$0] == 1 })
    let share =
      Double(runs.folds.training(without: 0).count { runs.images.labels[$0] == 1 })
      / Double(runs.folds.training(without: 0).count)
    let place = try #require(result.correct.firstIndex(of: true))
    #expect(abs(result.logLosses[place] + log(share)) < 1e-9)
  }

  /// A piece ends when it is asked to.
  @Test func cancelled() throws {
    let runs = try runs(separableImages(40))
    #expect(throws: CancellationError.self) {
      try runs.measure(
        .fineTuningOneRate, RacePiece(strategy: "fine-tuning-one-rate", fold: 0)
      ) { true }
    }
  }

  /// Simple classifiers on features: right where classes are far apart, guessing on noise.
  @Test func nearest() throws {
    let labels: [Int32] = (0..<40).map { Int32($0 % 2) }
    let apart = labels.enumerated().flatMap { index, label -> [Float] in
      [Float(label) * 10 + Float(index % 5) * 0.1, 1, Float(label) * -4]
    }
    #expect(try NearestFeatures.neighbourAccuracy(apart, labels: labels, classes: 2) == 1)
    #expect(try NearestFeatures.meanAccuracy(apart, labels: labels, classes: 2) == 1)
    // One dimension by hand: 0 and 1 are of class 0, 2 and 10 of class 1. Without themselves the
    // means are 1, 0, 10, 2 of the own class and 6, 6, 0.5, 0.5 of the other one.
    let line: [Float] = [0, 1, 2, 10]
    #expect(try NearestFeatures.meanAccuracy(line, labels: [0, 0, 1, 1], classes: 2) == 0.75)
  }

  /// The findings at all depths, of images that any features tell apart.
  @Test func findings() throws {
    let model = try Architecture.simple.sampleModel()
    let findings = try FeatureProbe.findings(
      of: model, on: separableImages(60), examples: 60, seed: 1)
    #expect(findings.examples == 60)
    #expect(findings.solvedHeads.map(\.group) == LayerGroup.backbone)
    #expect(findings.solvedHeads.allSatisfy { $0.accuracy > 0.9 })
    #expect(findings.nearestNeighbours > 0.9 && findings.untrained > 0.8)
    let scores = try #require(findings.scores)
    #expect(scores.logEvidence.isFinite && scores.hScore > 0 && findings.untrainedScores != nil)
    let fewer = try FeatureProbe.findings(
      of: model, on: separableImages(60), examples: 40, seed: 1)
    #expect(fewer.examples == 40)
    let noise = try FeatureProbe.findings(of: model, on: noiseImages(90), examples: 90, seed: 1)
    #expect(noise.nearestNeighbours < 0.6 && noise.nearestMean < 0.6)
  }

  /// As many examples are looked at as there is time for, and none if there is too little.
  @Test func affordable() throws {
    let model = try Architecture.simple.sampleModel()
    func count(of images: Int, within seconds: Double) -> Int? {
      FeatureProbe.exampleCount(of: model, count: images, classes: 2, within: seconds)
    }
    #expect(count(of: 60, within: 1_000) == 60)
    #expect(count(of: 5_000, within: 1_000) == 1_000)
    let least = FeatureProbe.leastSeconds(of: model, count: 5_000, classes: 2)
    #expect(least > 0 && count(of: 5_000, within: least) == 250)
    #expect(count(of: 5_000, within: 0.99 * least) == nil && count(of: 60, within: 0) == nil)
    #expect(FeatureProbe.exampleCount(of: model, count: 5_000, classes: 700, within: 1e6) == 1_400)
  }
}
