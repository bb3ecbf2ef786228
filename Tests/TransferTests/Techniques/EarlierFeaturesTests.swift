import NeuralNetwork
import Records
import TaskData
import Tensors
import Testing
import Transfer

/// Heads that read the output of earlier layers.
struct EarlierFeaturesTests {
  private let images = LibrarySample.images(60)

  /// The logits are those of the linear probe on the output of the group's last layer, and the
  /// network has no later layer.
  @Test(
    arguments: [
      (.linearProbeEarly, "block1_pool", 256), (.linearProbeMiddle, "block2_pool", 128),
    ] as [(Arm, String, Int)])
  func logits(arm: Arm, layer: String, width: Int) throws {
    let model = try LibrarySample.model()
    let outcome = try StrategyRun(arm: arm, model: model, seed: 3).train(on: images)
    let network = outcome.network
    #expect(network.graph.nodes.suffix(3).map(\.name) == [layer, "head_flatten", "head"])
    #expect(network.changes(from: outcome.start) == ["head/kernel", "head/bias"])
    let program = try InferenceProgram(
      network, batch: TrainingBudget.batchSize, to: [network.graph.position(of: layer)])
    let features = try FrozenActivations(
      program, on: Array(0..<images.count), rowLengths: [width]
    ) { try images.load($0, into: $1) }.values[0]
    let probe = try LinearProbe.choosingStrength(
      features: features, labels: images.labels, classes: 3,
      seed: ContentDigest.seed("folds", "3")
    ).probe
    #expect(network.values("head", "kernel") == probe.kernel.values)
    #expect(network.values("head", "bias") == probe.bias.values)
    for name in network.graph.parameterLayers(in: LayerGroup.backbone) {
      #expect(
        network.values(name, name.contains("conv") ? "kernel" : "gamma")
          == model.network.values(name, name.contains("conv") ? "kernel" : "gamma"))
    }
  }

  /// Maps of more than 2,048 values are averaged over the smallest windows that leave as many: 32 ×
  /// 32 × 16 over windows of 3 pixels to 11 × 11 × 16.
  @Test func grid() throws {
    let shape = ImageShape(height: 64, width: 64, channels: 1)
    let graph = try Architecture.medium.graph(inputShape: shape, classes: 2)
    let model = PretrainedModel(
      architecture: .medium, network: Network(graph: graph, seed: 1), sourceTask: "sample",
      sourceTestAccuracy: 0.5)
    let found = try model.graph(classes: 2, head: HeadDesign(after: .early))
    let pool = found.nodes[try found.position(of: "head_pool")]
    #expect(pool.layer as? AveragePool2D == AveragePool2D(poolSize: 3, strides: 3, padding: .same))
    #expect(pool.outputShape == ImageShape(height: 11, width: 11, channels: 16))
    #expect(found.outputShape.channels == 2)
    let pooled = try model.graph(classes: 2, head: HeadDesign(after: .early, pooling: .maximum))
    #expect(pooled.nodes.suffix(2).map(\.outputShape.channels) == [16, 2])
  }

  /// A group that ends within a block gives the output of the last layer that all later layers
  /// read through.
  @Test func cut() throws {
    var graph = NetworkGraph(inputShape: LibrarySample.shape)
    try graph.add("stem", Conv2D(filters: 4, kernelSize: 3), .early)
    let entrance = try graph.add("relu", ReLU(), .early)
    try graph.add("inner", Conv2D(filters: 4, kernelSize: 3), .early)
    let main = try graph.add("outer", Conv2D(filters: 4, kernelSize: 3), .middle)
    try graph.add("sum", Add(), .middle, after: [main, entrance])
    try graph.add("last", Conv2D(filters: 4, kernelSize: 3), .late)
    let model = try PretrainedModel(
      foreign: Network(graph: graph, seed: 1), name: "residual", sourceTask: "sample",
      boundaries: GroupBoundaries(middle: "outer", late: "last"))
    func layers(_ group: FeatureDepth) throws -> [String] {
      try model.graph(classes: 3, head: HeadDesign(after: group)).nodes.map(\.name)
    }
    #expect(try layers(.early) == ["stem", "relu", "head_flatten", "head"])
    #expect(
      try layers(.middle) == ["stem", "relu", "inner", "outer", "sum", "head_flatten", "head"])
    #expect(try layers(.late).suffix(3) == ["last", "head_flatten", "head"])
  }

  /// Training from scratch has the whole network.
  @Test func fromScratch() throws {
    let run = try LibrarySample.run(.fromScratch) { $0.head.after = .early }
    let whole = try LibrarySample.run(.fromScratch)
    #expect(
      try run.job(for: images).network.graph.nodes.map(\.name)
        == whole.job(for: images).network.graph.nodes.map(\.name))
    #expect(
      run.estimate(trainSize: 60, classes: 3) == whole.estimate(trainSize: 60, classes: 3))
  }
}
