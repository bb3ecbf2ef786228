import NeuralNetwork
import Records
import Testing
import Transfer

/// What transferred batch normalizations do.
struct TechniqueBatchNormTests {
  private static let statistics: Set<String> = ["moving_mean", "moving_variance"]
  private let images = LibrarySample.images(40)

  /// Names of the tensors that fine-tuning with the early and middle layers frozen changes.
  private func changes(
    _ policy: BatchNormPolicy, _ strategy: Strategy = .fineTuning
  ) throws -> (found: Set<String>, network: Network) {
    let run = try LibrarySample.run(
      strategy, freezing: [.early, .middle], rates: .uniform(1e-2), epochs: 2
    ) { $0.batchNorm = policy }
    let start = try run.job(for: images).network
    let network = try run.train(on: images).network
    return (network.changes(from: start), network)
  }

  private func names(_ network: Network, _ prefix: String, roles: Set<String>) -> Set<String> {
    network.names(
      of: network.graph.batchNormLayers.filter { $0.hasPrefix(prefix) }, roles: roles)
  }

  /// Frozen, the default: frozen layers keep their statistics, trained ones move theirs.
  @Test func frozen() throws {
    let (found, network) = try changes(.frozen)
    let late = network.graph.parameterLayers(in: [.late, .head])
    #expect(found == network.names(of: late))
    #expect(Techniques().batchNorm == .frozen)
  }

  /// Inference: no statistics move, while scale and offset of trained layers do.
  @Test func inference() throws {
    let (found, network) = try changes(.inference)
    let late = network.graph.parameterLayers(in: [.late, .head])
    #expect(found == network.names(of: late, roles: ["kernel", "bias", "gamma", "beta"]))
  }

  /// Batch: all statistics move, those of frozen layers too, whose scale and offset stay.
  @Test func batch() throws {
    let (found, network) = try changes(.batch)
    let late = network.graph.parameterLayers(in: [.late, .head])
    let all = names(network, "block", roles: TechniqueBatchNormTests.statistics)
    #expect(found == network.names(of: late).union(all))
  }

  /// In feature extraction too.
  @Test func batchInFeatureExtraction() throws {
    let (found, network) = try changes(.batch, .featureExtraction)
    let all = names(network, "block", roles: TechniqueBatchNormTests.statistics)
    #expect(found == network.names(of: ["head"]).union(all))
  }

  /// Adaptive: before training, the statistics of all normalizations change, and nothing else.
  @Test func adaptive() throws {
    let run = try LibrarySample.run { $0.batchNorm = .adaptive }
    let plain = try LibrarySample.run().job(for: images).network
    let adapted = try run.job(for: images).network
    #expect(
      adapted.changes(from: plain)
        == names(plain, "block", roles: TechniqueBatchNormTests.statistics))
  }

  /// In training, frozen layers keep the adapted statistics.
  @Test func adaptiveThenFrozen() throws {
    let (found, network) = try changes(.adaptive)
    let late = network.graph.parameterLayers(in: [.late, .head])
    #expect(found == network.names(of: late))
  }

  /// The first normalization's are mean and population variance of the first convolution over all
  /// images, with zeros around them.
  @Test func adaptiveStatistics() throws {
    let run = try LibrarySample.run { $0.batchNorm = .adaptive }
    let network = try run.job(for: images).network
    let kernel = network.values("block1_conv1", "kernel").map(Double.init)
    let filters = 16
    for filter in 0..<filters {
      var values: [Double] = []
      for image in 0..<images.count {
        let pixels = try images.image(image)
        for y in 0..<8 {
          for x in 0..<8 {
            var sum = 0.0
            for dy in -1...1 {
              for dx in -1...1 where (0..<8).contains(y + dy) && (0..<8).contains(x + dx) {
                sum +=
                  Double(pixels[(y + dy) * 8 + x + dx])
                  * kernel[((dy + 1) * 3 + dx + 1) * filters + filter]
              }
            }
            values.append(sum)
          }
        }
      }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance =
        values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      let found = (
        network.values("block1_bn1", "moving_mean")[filter],
        network.values("block1_bn1", "moving_variance")[filter]
      )
      #expect(abs(Double(found.0) - mean) < 1e-5)
      #expect(abs(Double(found.1) - variance) < 1e-4 * variance)
    }
  }

  /// The passes that estimate statistics are part of a job's cost: on two batches of 32, each
  /// convolution runs twice, except the last one; the outputs of the first block's first layers and
  /// of its pooling are kept at the same time.
  @Test func adaptiveCost() throws {
    let cost = try LibrarySample.run { $0.batchNorm = .adaptive }.job(for: images).preparation
    let convolutions = [
      64 * 9 * 16, 64 * 9 * 16 * 16, 16 * 9 * 16 * 32, 16 * 9 * 32 * 32, 4 * 9 * 32 * 64,
      4 * 9 * 64 * 64,
    ]
    let adds = 2 * convolutions.reduce(0, +) - convolutions[5]
    #expect(cost.flops == Double(2 * 64 * adds))
    #expect(cost.peakBytes == 4 * 40 * (64 * 16 + 16 * 16))
    #expect(try LibrarySample.run().job(for: images).preparation == TrainingCost())
  }

  /// The estimate ends before the next batch once it is cancelled: for each of six normalizations,
  /// 40 images are two batches.
  @Test(arguments: [1, 5, 12])
  func adaptiveCancelled(call: Int) throws {
    let run = try LibrarySample.run { $0.batchNorm = .adaptive }
    var calls = 0
    #expect(throws: CancellationError.self) {
      _ = try run.job(for: images) {
        calls += 1
        return calls == call
      }
    }
    #expect(calls == call)
    calls = 0
    _ = try run.job(for: images) {
      calls += 1
      return false
    }
    #expect(calls == 12)
  }

  /// A later estimate sees the ones below it: with them, the last normalization's input has mean
  /// zero and variance one after it was normalized.
  @Test func adaptiveInOrder() throws {
    let network = try LibrarySample.run { $0.batchNorm = .adaptive }.job(for: images).network
    let values = try LibrarySample.forward(network, images.pixels, at: "block3_conv2")
    let channels = 64
    let mean = network.values("block3_bn2", "moving_mean")
    let variance = network.values("block3_bn2", "moving_variance")
    for channel in 0..<channels {
      let own = stride(from: channel, to: values.count, by: channels).map { Double(values[$0]) }
      let average = own.reduce(0, +) / Double(own.count)
      let spread = own.reduce(0) { $0 + ($1 - average) * ($1 - average) } / Double(own.count)
      #expect(abs(Double(mean[channel]) - average) < 1e-4)
      #expect(abs(Double(variance[channel]) - spread) < 1e-3 * spread + 1e-6)
    }
  }
}
