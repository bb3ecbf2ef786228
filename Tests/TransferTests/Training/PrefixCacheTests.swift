import NeuralNetwork
import Records
import Tensors
import Testing
import Transfer

/// The output of frozen layers, kept or computed anew, gives the same training.
struct PrefixCacheTests {
  private static let frozen: [[LayerGroup]] = [
    [.early], [.early, .middle], [.early, .middle, .late],
  ]

  private func outcome(
    _ architecture: Architecture, frozen: [LayerGroup], count: Int, _ policy: PrefixCachePolicy,
    frozenBatch: Int? = nil
  ) throws -> TrainingOutcome {
    let shape = ImageShape(height: 9, width: 11, channels: 2)
    let start = try architecture.sampleNetwork(shape: shape)
    let trained = LayerGroup.allCases.filter { !frozen.contains($0) }
    var job = TrainingJob(
      network: start,
      phases: [
        .init(
          trainableLayers: Set(start.graph.parameterLayers(in: trained)),
          learningRates: .uniform(1e-3), epochs: 2)
      ], seed: 5)
    job.prefixCache = policy
    if let frozenBatch { job.frozenBatchSize = frozenBatch }
    return try Trainer.train(job, on: noiseImages(count, shape: shape))
  }

  /// Weights and history have the same bits, whatever is frozen and however the examples fill the
  /// batches of 32.
  @Test(arguments: Architecture.allCases, frozen)
  func sameBits(architecture: Architecture, frozen: [LayerGroup]) throws {
    for count in [10, 33, 71] {
      let cached = try outcome(architecture, frozen: frozen, count: count, .cached)
      let recomputed = try outcome(architecture, frozen: frozen, count: count, .recomputed)
      #expect(cached.network.differences(from: recomputed.network) == [], "\(count) examples")
      #expect(cached.history.map(\.bits) == recomputed.history.map(\.bits), "\(count) examples")
    }
  }

  /// Frozen layers may run in smaller batches than the others.
  @Test(arguments: [1, 5, 8])
  func smallerBatches(frozenBatch: Int) throws {
    for policy in [PrefixCachePolicy.cached, .recomputed] {
      let usual = try outcome(.medium, frozen: [.early, .middle], count: 71, .cached)
      let smaller = try outcome(
        .medium, frozen: [.early, .middle], count: 71, policy, frozenBatch: frozenBatch)
      #expect(smaller.network.differences(from: usual.network) == [])
      #expect(smaller.history.map(\.bits) == usual.history.map(\.bits))
    }
  }

  /// The cache saves the work of every epoch but the first.
  @Test func savesWork() throws {
    let frozen = LayerGroup.backbone
    let cached = try outcome(.medium, frozen: frozen, count: 64, .cached)
    let recomputed = try outcome(.medium, frozen: frozen, count: 64, .recomputed)
    // 64 examples, 64 features, three classes; forward and kernel gradient.
    let head = Double(64 * 64 * 3 * 2 * 2)
    #expect(recomputed.flops - 2 * head == 2 * (cached.flops - 2 * head))
  }
}
