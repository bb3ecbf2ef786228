import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// What chooses is not trained on, and the test set chooses nothing.
struct HeldOutTests {
  private let train = noiseImages(60, seed: 1)
  private let run: StrategyRun

  init() throws {
    var arm = Arm(
      name: "fast", strategy: .featureExtraction, frozenGroups: LayerGroup.backbone,
      learningRates: .uniform(0.1))
    arm.techniques.earlyStopping = EarlyStopping(patience: 3)
    run = StrategyRun(arm: arm, model: try Architecture.simple.sampleModel(), seed: 3)
  }

  /// With early stopping, a run is that on the labels that are not held out, bit by bit.
  @Test func trainedOnTheRest() throws {
    let parts = Subset.split(
      Array(0..<train.count), labels: train.labels, classCount: train.classCount,
      holdOut: Techniques.holdOut, seed: ContentDigest.seed("holdout", "3"))
    #expect(parts.train.count == 48 && parts.validation.count == 12)
    let inner = train.selecting(parts.train)
    let expected = try Trainer.train(
      try run.job(for: inner), on: inner, validation: train.selecting(parts.validation))
    let outcome = try run.train(on: train)
    #expect(outcome.network.differences(from: expected.network) == [])
    #expect(outcome.history.map(\.bits) == expected.history.map(\.bits))
  }

  /// Another test set changes neither when a run stops nor what it trains.
  @Test func testSetChoosesNothing() throws {
    let first = try run.measure(train: train, test: noiseImages(50, seed: 2))
    let second = try run.measure(train: train, test: separable(50))
    #expect(first.logLoss != second.logLoss)
    #expect(first.trainAccuracy == second.trainAccuracy)
    #expect(first.history.map(\.bits) == second.history.map(\.bits))
    #expect(first.history.map(\.validationLoss) == second.history.map(\.validationLoss))
  }

  /// Early stopping ends with the network of the epoch that did best on the held-out examples,
  /// which is not the last one.
  @Test func bestEpoch() throws {
    let held = noiseImages(30, seed: 4)
    let outcome = try Trainer.train(try run.job(for: train), on: train, validation: held)
    let best = try #require(bestIndex(outcome.history.map(\.validation)))
    #expect(best < outcome.history.count - 1)
    let found = try Evaluator.evaluate(outcome.network, on: held)
    #expect(found.accuracy == outcome.history[best].validationAccuracy)
    #expect(found.logLoss == outcome.history[best].validationLoss)
  }

  /// Images of three classes that differ from the noise that is trained on.
  private func separable(_ count: Int) -> LabeledImages {
    let images = noiseImages(count, seed: 5)
    return LabeledImages(
      shape: images.shape,
      pixels: (0..<count * images.shape.count).map {
        Float(images.labels[$0 / images.shape.count])
      },
      labels: images.labels, classNames: images.classNames)
  }
}
