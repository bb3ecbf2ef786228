import NeuralNetwork
import Records
import TaskData
import Testing
import Transfer

/// What one phase of a job leaves to the next, and the rates within a phase.
struct PhaseTests {
  private func phase(
    _ network: Network, training groups: [LayerGroup], rate: Double = 1e-3, epochs: Int = 1
  ) -> TrainingJob.Phase {
    TrainingJob.Phase(
      trainableLayers: Set(network.graph.parameterLayers(in: groups)),
      learningRates: .uniform(rate), epochs: epochs)
  }

  /// Features of frozen layers are computed anew after those layers were trained: a head that
  /// stands still then sees those of the network as it is.
  @Test(arguments: Architecture.allCases, [PrefixCachePolicy.cached, .recomputed])
  func freshFeatures(architecture: Architecture, policy: PrefixCachePolicy) throws {
    let start = try architecture.sampleNetwork()
    let images = noiseImages(40)
    let phases = [
      phase(start, training: [.head]), phase(start, training: LayerGroup.allCases, rate: 1e-2),
      phase(start, training: [.head], rate: 1e-30),
    ]
    var job = TrainingJob(network: start, phases: phases, seed: 1)
    job.prefixCache = policy
    let outcome = try Trainer.train(job, on: images)
    let expected = try Evaluator.evaluate(outcome.network, on: images)
    let before = try Evaluator.evaluate(start, on: images)
    #expect(abs(expected.logLoss - before.logLoss) > 1e-2)
    #expect(abs(try #require(outcome.history.last).loss - expected.logLoss) < 1e-5)
  }

  /// The rate of a single layer takes precedence: one that is all but zero leaves its layer where
  /// it was, and no other.
  @Test func layerRate() throws {
    let start = try Architecture.simple.sampleNetwork()
    var all = phase(start, training: LayerGroup.allCases)
    all.layerRates = ["block2_conv1": 1e-30]
    let job = TrainingJob(network: start, phases: [all], seed: 1)
    let after = try Trainer.train(job, on: noiseImages(40)).network
    let others = start.graph.parameterLayers.filter { $0 != "block2_conv1" }
    #expect(after.differences(from: start) == start.parameterNames(of: others))
  }
}
