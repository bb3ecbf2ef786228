import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

/// The loop that all strategies share.
struct TrainerTests {
  private func job(
    _ network: Network, training groups: [LayerGroup] = LayerGroup.allCases, rate: Double = 1e-3,
    epochs: Int = 2, schedule: LearningRateSchedule = .oneCycle(), seed: UInt64 = 1
  ) -> TrainingJob {
    TrainingJob(
      network: network,
      phases: [
        .init(
          trainableLayers: Set(network.graph.parameterLayers(in: groups)),
          learningRates: .uniform(rate), epochs: epochs, schedule: schedule)
      ], seed: seed)
  }

  /// With a rate so small that nothing changes, an epoch's loss is the mean over all examples: each
  /// counts once, in full batches of 32, in the rest and where there are fewer than a batch.
  @Test(arguments: [10, 33, 64]) func everyExampleOnce(count: Int) throws {
    let start = try Architecture.simple.sampleNetwork()
    let images = noiseImages(count)
    let outcome = try Trainer.train(job(start, training: [.head], rate: 1e-30), on: images)
    let expected = try Evaluator.evaluate(start, on: images)
    #expect(outcome.network.differences(from: start) == [])
    #expect(outcome.history.count == 2)
    for epoch in outcome.history {
      #expect(abs(epoch.loss - expected.logLoss) < 1e-6)
      #expect(epoch.accuracy == expected.accuracy)
    }
  }

  /// The loss tells examples apart, so that the test above would notice one that is left out.
  @Test func lossesDiffer() throws {
    let start = try Architecture.simple.sampleNetwork()
    let images = noiseImages(33)
    let whole = try Evaluator.evaluate(start, on: images).logLoss
    for left in 0..<33 {
      let others = images.selecting((0..<33).filter { $0 != left })
      let loss = try Evaluator.evaluate(start, on: others).logLoss
      #expect(abs(loss - whole) > 1e-5)
    }
  }

  /// The same job gives the same bits.
  @Test(arguments: Architecture.allCases) func reproducible(architecture: Architecture) throws {
    let job = job(try architecture.sampleNetwork())
    let images = noiseImages(40)
    let (first, second) = (
      try Trainer.train(job, on: images), try Trainer.train(job, on: images)
    )
    #expect(first.network.differences(from: second.network) == [])
    #expect(first.history.map(\.bits) == second.history.map(\.bits))
  }

  /// Another seed means another order of examples, which shows in the bits of every tensor.
  @Test func seedDecidesOrder() throws {
    let start = try Architecture.simple.sampleNetwork()
    let images = noiseImages(40)
    let first = try Trainer.train(job(start, seed: 1), on: images).network
    let second = try Trainer.train(job(start, seed: 2), on: images).network
    #expect(
      first.differences(from: second) == start.parameterNames(of: start.graph.parameterLayers))
  }

  /// Phases follow one another: each starts from the network that the last one left.
  @Test func phasesFollow() throws {
    let start = try Architecture.simple.sampleNetwork()
    let images = noiseImages(40)
    var both = job(start, training: [.head])
    both.phases += job(start, training: [.late]).phases
    let outcome = try Trainer.train(both, on: images)
    let first = try Trainer.train(job(start, training: [.head]), on: images)
    #expect(outcome.history.count == 4)
    #expect(outcome.history.prefix(2).map(\.bits) == first.history.map(\.bits))
    #expect(
      outcome.network.differences(from: first.network)
        == start.parameterNames(of: start.graph.parameterLayers(in: [.late])))
    #expect(outcome.trainedLayers == ["block2_conv2", "block2_bn2", "head"])
  }

  /// A phase without epochs is left out.
  @Test func emptyPhase() throws {
    let start = try Architecture.simple.sampleNetwork()
    let outcome = try Trainer.train(job(start, epochs: 0), on: noiseImages(40))
    #expect(outcome.network.differences(from: start) == [])
    #expect(outcome.history.isEmpty && outcome.trainedLayers.isEmpty && outcome.flops == 0)
  }

  /// Before every batch it is asked whether to go on.
  @Test func cancellation() throws {
    let job = job(try Architecture.simple.sampleNetwork(), epochs: 5)
    var asked = 0
    #expect(throws: CancellationError.self) {
      // Two batches an epoch.
      try Trainer.train(job, on: noiseImages(40)) {
        asked += 1
        return asked == 3
      }
    }
    #expect(asked == 3)
  }

  /// A loss that explodes ends the run and says what to do.
  @Test(arguments: Architecture.allCases) func explodingLoss(architecture: Architecture) throws {
    let job = job(try architecture.sampleNetwork(), rate: 1e38, epochs: 3)
    let error = failure { _ = try Trainer.train(job, on: noiseImages(40)) }
    #expect(error?.kind == .diverged)
    #expect(error?.attempt == "training stopped")
    #expect(error?.remedy?.contains("lower learning rate") == true)
  }

  /// So does a step that ruins the weights after the last loss was computed.
  @Test(arguments: Architecture.allCases) func explodingLastStep(architecture: Architecture) throws
  {
    let job = job(
      try architecture.sampleNetwork(), rate: .infinity, epochs: 1, schedule: .constant())
    let error = failure { _ = try Trainer.train(job, on: noiseImages(10)) }
    #expect(error?.kind == .diverged)
    #expect(error?.attempt == "training stopped")
  }
}
