import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

/// Labels held out from training: early stopping and the choice of a rate.
struct TechniqueHeldOutTests {
  private let images = LibrarySample.images(60)

  /// Training that soon overfits.
  private func run(
    epochs: Int = 30, _ change: (inout Techniques) -> Void
  ) throws -> StrategyRun {
    try LibrarySample.run(.featureExtraction, rates: .uniform(0.3), epochs: epochs, change)
  }

  /// The part held out is a fifth, takes equally from every class, and shares no image with the
  /// part that is trained on.
  @Test func split() throws {
    let (train, held) = try run { _ in }.holdingOut(of: images)
    #expect(train.count == 48 && held.count == 12)
    #expect((0..<3).allSatisfy { label in held.labels.count { $0 == label } == 4 })
    let rows = { (set: LabeledImages) in
      try Set((0..<set.count).map { try set.image($0) })
    }
    #expect(try rows(train).isDisjoint(with: rows(held)))
    #expect(try rows(train).union(rows(held)) == rows(images))
  }

  /// Training with early stopping is training on the one part with the other for validation.
  @Test func heldOutIsNotTrainedOn() throws {
    let run = try run { $0.earlyStopping = EarlyStopping(patience: 3) }
    let (train, held) = try run.holdingOut(of: images)
    let expected = try Trainer.train(run.job(for: train), on: train, validation: held)
    let found = try run.train(on: images)
    #expect(found.network.changes(from: expected.network).isEmpty)
    #expect(found.history.map(\.loss) == expected.history.map(\.loss))
  }

  /// The labels held out have no say in the training losses.
  @Test func heldOutLabels() throws {
    let run = try run(epochs: 4) { $0.earlyStopping = EarlyStopping(patience: 10) }
    let (train, held) = try run.holdingOut(of: images)
    let shifted = LabeledImages(
      shape: held.shape, pixels: try held.pixels, labels: held.labels.map { ($0 + 1) % 3 },
      classNames: held.classNames)
    let right = try Trainer.train(run.job(for: train), on: train, validation: held)
    let wrong = try Trainer.train(run.job(for: train), on: train, validation: shifted)
    #expect(right.history.map(\.loss) == wrong.history.map(\.loss))
    #expect(right.history.map(\.validationLoss) != wrong.history.map(\.validationLoss))
  }

  /// Training ends after so many epochs without a higher validation accuracy, or an equal one with
  /// a lower loss.
  @Test(arguments: [1, 2, 4]) func patience(epochs: Int) throws {
    let outcome = try run { $0.earlyStopping = EarlyStopping(patience: epochs) }
      .train(on: images)
    let best = try #require(bestIndex(outcome.history.map(\.validation)))
    let count = outcome.history.count
    #expect(count - 1 - best == epochs || count == 30)
  }

  /// Where nothing changes, nothing improves: the first epoch is the best.
  @Test(arguments: [1, 3]) func standstill(epochs: Int) throws {
    let run = try LibrarySample.run(.featureExtraction, rates: .uniform(1e-30), epochs: 30) {
      $0.earlyStopping = EarlyStopping(patience: epochs)
    }
    #expect(try run.train(on: images).history.count == epochs + 1)
  }

  /// The network is that of the best epoch, not the last.
  @Test func restoresTheBest() throws {
    let run = try run { $0.earlyStopping = EarlyStopping(patience: 3) }
    let outcome = try run.train(on: images)
    let held = try run.holdingOut(of: images).validation
    let best = try #require(bestIndex(outcome.history.map(\.validation)))
    let found = try Evaluator.evaluate(outcome.network, on: held)
    #expect(found.logLoss == outcome.history[best].validationLoss)
    #expect(found.accuracy == outcome.history[best].validationAccuracy)
    #expect(best < outcome.history.count - 1)
  }

  /// Of the last phase, although an earlier one did better: it trained the head alone.
  @Test func neverAcrossPhases() throws {
    let run = try LibrarySample.run(
      rates: LearningRates(early: 1, middle: 1, late: 1, head: 1e-2), epochs: 8
    ) {
      $0.headFirst = 0.5
      $0.earlyStopping = EarlyStopping(patience: 8)
    }
    let outcome = try run.train(on: images)
    let held = try run.holdingOut(of: images).validation
    let results = outcome.history.map(\.validation)
    #expect(results.count == 8)
    let best = try #require(bestIndex(Array(results[4...])))
    let found = try Evaluator.evaluate(outcome.network, on: held)
    #expect(found.logLoss == results[4 + best].loss && found.accuracy == results[4 + best].accuracy)
    let alone = try #require(results[..<4].map(\.loss).min())
    #expect(alone < found.logLoss, "the second phase was meant to do harm")
  }

  /// The factor with the highest validation accuracy wins, on a tie that with the lowest loss; then
  /// all examples are trained on with it.
  @Test func rateFactors() throws {
    let factors = [0.001, 0.1, 3]
    let searched = try run(epochs: 5) { $0.rateFactors = factors }
    let (train, held) = try searched.holdingOut(of: images)
    let results = try factors.map { factor in
      let outcome = try Trainer.train(searched.job(for: train, rateFactor: factor), on: train)
      let evaluation = try Evaluator.evaluate(outcome.network, on: held)
      return (accuracy: evaluation.accuracy, loss: evaluation.logLoss)
    }
    let best = try #require(bestIndex(results))
    let outcomes = try factors.map {
      try Trainer.train(searched.job(for: images, rateFactor: $0), on: images)
    }
    let found = try searched.train(on: images)
    for (index, outcome) in outcomes.enumerated() {
      #expect(found.network.changes(from: outcome.network).isEmpty == (index == best))
    }
    #expect(found.flops > 3 * outcomes[best].flops)
  }

  /// The test set has no say: with another one, the training is the same.
  @Test func testSet() throws {
    let run = try run(epochs: 6) {
      $0.rateFactors = [0.1, 1]
      $0.earlyStopping = EarlyStopping(patience: 2)
    }
    let tests = [LibrarySample.images(30, seed: 8), LibrarySample.images(30, seed: 9)]
    let found = try tests.map { try run.measure(train: images, test: $0) }
    #expect(found[0].trainAccuracy == found[1].trainAccuracy)
    #expect(found[0].history.map(\.loss) == found[1].history.map(\.loss))
    #expect(found[0].logLoss != found[1].logLoss)
  }

  /// A validation set that is given takes the place of the one held out: all examples are trained
  /// on, once per factor, and it chooses.
  @Test func givenValidation() throws {
    let held = LibrarySample.images(30, seed: 8)
    let factors = [0.1, 1]
    let searched = try run(epochs: 5) { $0.rateFactors = factors }
    let outcomes = try factors.map {
      try Trainer.train(searched.job(for: images, rateFactor: $0), on: images)
    }
    let results = try outcomes.map {
      let evaluation = try Evaluator.evaluate($0.network, on: held)
      return (accuracy: evaluation.accuracy, loss: evaluation.logLoss)
    }
    let expected = outcomes[try #require(bestIndex(results))]
    let found = try searched.train(on: images, validation: held)
    #expect(found.network.changes(from: expected.network).isEmpty)
    #expect(found.flops == outcomes[0].flops + outcomes[1].flops)
    let stopping = try run { $0.earlyStopping = EarlyStopping(patience: 2) }
      .train(on: images, validation: held)
    let best = try #require(bestIndex(stopping.history.map(\.validation)))
    #expect(
      stopping.history[best].validationLoss
        == (try Evaluator.evaluate(stopping.network, on: held).logLoss))
  }
}
