import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Means of weights at the end of training.
struct WeightMeanTests {
  private let images = LibrarySample.images(40)

  private func job(epochs: Int, _ change: (inout Techniques) -> Void = { _ in }) throws
    -> TrainingJob
  {
    let run = try LibrarySample.run(freezing: [.early], epochs: epochs) {
      $0.headStart = .solved
      change(&$0)
    }
    var job = try run.job(for: images)
    for index in job.phases.indices { job.phases[index].schedule = .constant() }
    return job
  }

  /// Expects the mean of two networks, rounded once, in every weight.
  private func expectMean(_ found: Network, of first: Network, _ second: Network) {
    for (name, _) in found.graph.weights() {
      let mean = zip(first[name].values, second[name].values).map {
        Float((Double($0) + Double($1)) / 2)
      }
      #expect(found[name].values == mean, "\(name)")
    }
  }

  /// The weights are the mean of those after the last quarter of eight epochs.
  @Test func lastQuarter() throws {
    let outcome = try Trainer.train(job(epochs: 8) { $0.weightAveraging = 0.25 }, on: images)
    let networks = try [7, 8].map { try Trainer.train(job(epochs: $0), on: images).network }
    expectMean(outcome.network, of: networks[0], networks[1])
    #expect(outcome.history.count == 8)
    #expect(!outcome.network.changes(from: networks[1]).isEmpty)
  }

  /// Of three epochs one is averaged, which is the network of the last epoch.
  @Test func lastEpoch() throws {
    let outcome = try Trainer.train(job(epochs: 3) { $0.weightAveraging = 0.25 }, on: images)
    let last = try Trainer.train(job(epochs: 3), on: images).network
    for (name, _) in last.graph.weights() {
      #expect(outcome.network[name].values == last[name].values, "\(name)")
    }
  }

  /// The weights are half way between the start, with its solved head, and those after training.
  @Test func trainedShare() throws {
    let mixed = try Trainer.train(job(epochs: 3) { $0.trainedShare = 0.5 }, on: images)
    let trained = try Trainer.train(job(epochs: 3), on: images)
    expectMean(mixed.network, of: trained.start, trained.network)
  }

  /// Frozen layers keep their bits, and the statistics of trained normalizations are those of the
  /// mean's own activations over the training images.
  @Test(arguments: [0.25, nil] as [Double?]) func statistics(fraction: Double?) throws {
    let outcome = try Trainer.train(
      job(epochs: 4) {
        $0.weightAveraging = fraction
        if fraction == nil { $0.trainedShare = 0.5 }
      }, on: images)
    let network = outcome.network
    let frozen = network.graph.parameterLayers(in: [.early])
    #expect(network.changes(from: outcome.start).isDisjoint(with: network.names(of: frozen)))
    let values = try LibrarySample.forward(network, images.pixels, at: "block3_conv2")
    let channels = 64
    for channel in 0..<channels {
      let own = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
      let mean = own.reduce(0, +) / Double(own.count)
      let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
      let found = (
        Double(network.values("block3_bn2", "moving_mean")[channel]),
        Double(network.values("block3_bn2", "moving_variance")[channel])
      )
      #expect(abs(found.0 - mean) < 1e-4)
      #expect(abs(found.1 - variance) < 1e-3 * variance + 1e-6)
    }
  }

  /// The estimate of statistics after the last epoch can be cancelled too, before any batch.
  @Test func cancelled() throws {
    let job = try job(epochs: 2) { $0.weightAveraging = 0.5 }
    var calls = 0
    #expect(throws: CancellationError.self) {
      try Trainer.train(job, on: images) {
        calls += 1
        return calls == 4
      }
    }
    #expect(calls == 4)
  }

  /// The strategy's last phase holds its rate; the sums of the mean count as memory.
  @Test func schedule() throws {
    func phases(_ arm: Arm) throws -> [TrainingJob.Phase] {
      let run = StrategyRun(arm: arm, model: try LibrarySample.model(), seed: 3)
      return run.phases(of: try run.job(for: images).network.graph, trainSize: 40)
    }
    #expect(try phases(.averaged).map(\.schedule) == [.held(over: 0.25)])
    #expect(try phases(.halfTuned).map(\.schedule) == [.oneCycle()])
    let plain = try Trainer.train(job(epochs: 2), on: images)
    let averaged = try Trainer.train(job(epochs: 2) { $0.weightAveraging = 1 }, on: images)
    #expect(
      averaged.peakBytes - plain.peakBytes == 8 * plain.network.weightCount(in: plain.trainedLayers)
    )
  }
}
