import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// The strategies that choose their rate on held-out labels and are then trained on all labels.
struct TunedStrategyTests {
  private static let tuned: [Arm] = [.fineTuningTuned, .fromScratchTuned]
  private let model: PretrainedModel

  init() throws { model = try Architecture.simple.sampleModel() }

  private func run(_ arm: Arm, epochs: Int = 2) -> StrategyRun {
    StrategyRun(arm: arm, model: model, seed: 3, epochs: epochs)
  }

  /// The chosen factor is that of the best held-out results, and the outcome is a training on all
  /// examples with it.
  @Test(arguments: tuned) func choice(arm: Arm) throws {
    let search = run(arm, epochs: 6)
    let images = LibrarySample.images(60)
    let (inner, held) = try search.holdingOut(of: images)
    #expect(inner.count == 48)
    let factors = arm.techniques.rateFactors
    let results = try factors.map { factor in
      let outcome = try Trainer.train(search.job(for: inner, rateFactor: factor), on: inner)
      let evaluation = try Evaluator.evaluate(outcome.network, on: held)
      return (accuracy: evaluation.accuracy, loss: evaluation.logLoss)
    }
    let factor = factors[try #require(bestIndex(results))]
    let expected = try Trainer.train(search.job(for: images, rateFactor: factor), on: images)
    let found = try search.train(on: images)
    #expect(found.network.differences(from: expected.network) == [])
    #expect(found.history.map(\.bits) == expected.history.map(\.bits))
    #expect(found.rates == .uniform(arm.learningRates.head * factor))
  }

  /// The labels of the test set have no say: with noise in their place, every other bit of a run is
  /// as it was.
  @Test(arguments: tuned) func testLabels(arm: Arm) throws {
    let (train, test) = (noiseImages(40), noiseImages(50, seed: 2))
    var generator = CounterGenerator(seed: 9)
    let noise = LabeledImages(
      shape: test.shape, pixels: try test.pixels,
      labels: test.labels.map { _ in Int32(generator.index(below: 3)) },
      classNames: test.classNames)
    let first = try run(arm).trained(on: train, test: test)
    let second = try run(arm).trained(on: train, test: noise)
    #expect(first.measurement.logLoss != second.measurement.logLoss)
    #expect(first.outcome.network.differences(from: second.outcome.network) == [])
    #expect(first.outcome.rates == second.outcome.rates)
    #expect(first.outcome.history.map(\.bits) == second.outcome.history.map(\.bits))
    var other = second.measurement
    (other.accuracy, other.logLoss) = (first.measurement.accuracy, first.measurement.logLoss)
    (other.wallSeconds, other.cpuSeconds) = (
      first.measurement.wallSeconds, first.measurement.cpuSeconds
    )
    other.history = first.measurement.history
    #expect(other == first.measurement)
  }

  /// The operations of training every layer of the simple network on some examples, counted by hand
  /// as in ``MeasurementTests``, for two classes and two epochs.
  private func steps(_ examples: Int) -> Double {
    let forward = 156_672 + 73_728 + 147_456 + 256
    return Double(2 * 2 * examples * (3 * forward - 9_216))
  }

  /// The cost of choosing is counted: three trainings on 32 of 40 examples, and one on all.
  @Test func costFromScratch() throws {
    let measurement = try run(.fromScratchTuned)
      .measure(train: separableImages(40), test: separableImages(20, seed: 2))
    #expect(measurement.flops == 3 * steps(32) + steps(40))
    #expect(measurement.epochs == 2)
  }

  /// Fine-tuning also solves the head, on the 32 examples once for all rates, and on all examples.
  @Test func costOfFineTuning() throws {
    let search = run(.fineTuningTuned)
    let train = separableImages(40)
    let inner = try search.holdingOut(of: train).train
    let heads = try [inner, train].map { try search.job(for: $0).preparation.flops }
    let measurement = try search.measure(train: train, test: separableImages(20, seed: 2))
    #expect(measurement.flops == heads[0] + 3 * steps(32) + heads[1] + steps(40))
    #expect(heads[0] > 0 && heads[1] > heads[0])
  }

  /// The operations of a rate that diverges count as well.
  @Test func costOfDivergence() throws {
    func flops(_ factors: [Double]) throws -> Double {
      var arm = Arm.fromScratch
      arm.techniques.rateFactors = factors
      return try run(arm, epochs: 4).train(on: separableImages(40)).flops
    }
    let (alone, both) = (try flops([1]), try flops([1e38, 1]))
    // At least the epoch in which the loss ceased to be a number, and at most all of them.
    #expect(both >= alone + steps(32) / 2 && both <= alone + 2 * steps(32))
  }
}
