import NeuralNetwork
import Records
import Tensors
import Testing
import Transfer

/// Networks from elsewhere: maps at the end, other names, other momenta.
struct ForeignModelTests {
  /// Two convolutions with a normalization, and no classifier.
  private func model(
    normMomentum: Float = 0.99, boundaries: GroupBoundaries = GroupBoundaries()
  ) throws -> PretrainedModel {
    var graph = NetworkGraph(inputShape: smallShape)
    try graph.add("a", Conv2D(filters: 3, kernelSize: 3), .late)
    try graph.add("norm", BatchNorm(momentum: normMomentum), .late)
    try graph.add("head", Conv2D(filters: 4, kernelSize: 3), .late)
    return try PretrainedModel(
      foreign: Network(graph: graph, seed: 5), name: "net", sourceTask: "file",
      boundaries: boundaries)
  }

  /// Maps become one mean per channel, unless the head asks for all their values.
  @Test func pooling() throws {
    let mean = try model().graph(classes: 5)
    #expect(mean.nodes.map(\.name) == ["a", "norm", "head", "head_pool", "head_1"])
    #expect(mean.nodes[3].outputShape == ImageShape(height: 1, width: 1, channels: 4))
    let flat = try model().graph(classes: 5, head: HeadDesign(pooling: .flatten))
    #expect(flat.nodes[3].name == "head_flatten")
    #expect(flat.nodes[3].outputShape == ImageShape(height: 1, width: 1, channels: 256))
  }

  /// The classic head: flatten, 256 units, two classes.
  @Test func classicHead() throws {
    let design = HeadDesign(pooling: .flatten, hiddenUnits: 256)
    let graph = try model().graph(classes: 2, head: design)
    #expect(
      graph.nodes.filter { $0.group == .head }.map(\.name)
        == ["head_flatten", "head_hidden", "head_relu", "head_1"])
  }

  /// Statistics follow small sets: a momentum above 0.9 becomes 0.9, a lower one stays.
  @Test(arguments: [(0.99, 0.9), (0.5, 0.5)]) func momentum(_ given: Float, _ used: Float) throws {
    let graph = try model(normMomentum: given).graph(classes: 2)
    #expect((graph.nodes[1].layer as? BatchNorm)?.momentum == used)
  }

  /// A new head leaves the layers of the backbone as they were, but for that momentum: a
  /// normalization without a scale or center of its own does not get one.
  @Test(arguments: [true, false], [true, false])
  func settings(hasScale: Bool, hasCenter: Bool) throws {
    let norm = BatchNorm(
      momentum: 0.99, epsilon: 2e-5, hasScale: hasScale, hasCenter: hasCenter)
    let layers: [any Layer] = [
      Conv2D(filters: 4, kernelSize: 3, padding: .valid, dilation: 2, groups: 1, hasBias: true),
      norm, Activation(.swish), LayerNorm(epsilon: 1e-6, hasScale: false), LayerScale(),
      DepthwiseConv2D(kernelSize: 3, depthMultiplier: 2),
      Cropping2D(top: 1, left: 0, bottom: 0, right: 0),
      Rescaling(scale: [0.5], offset: [1]), SelectChannels([3, 1]),
    ]
    var graph = NetworkGraph(inputShape: smallShape)
    for (index, layer) in layers.enumerated() { try graph.add("layer\(index)", layer, .late) }
    let model = try PretrainedModel(
      foreign: Network(graph: graph, seed: 5), name: "net", sourceTask: "file",
      boundaries: GroupBoundaries())
    let nodes = try model.graph(classes: 2).nodes.prefix(layers.count)
    var expected = layers.map { "\($0)" }
    expected[1] = "\(norm.with(momentum: 0.9))"
    #expect(nodes.map { "\($0.layer)" } == expected)
    #expect(nodes.map(\.parameters) == graph.nodes.map(\.parameters))
  }

  /// All strategies train on it, and freezing leaves the layers as they were.
  @Test(arguments: Arm.taught) func strategies(_ arm: Arm) throws {
    let model = try model()
    let images = noiseImages(12)
    let measurement = try StrategyRun(arm: arm, model: model, seed: 1, epochs: 2)
      .measure(train: images, test: images)
    #expect(measurement.accuracy.isFinite)
    #expect(measurement.audit.frozenDigestBefore == measurement.audit.frozenDigestAfter)
  }

  /// Transfer takes the layers over; from scratch does not.
  @Test func transfer() throws {
    let model = try model()
    let network = try model.withNewHead(classes: 3, seed: 9)
    let kernel = ParameterName(layer: "a", role: "kernel")
    #expect(network[kernel].values == model.network[kernel].values)
    let fresh = try model.withNewHead(classes: 3, keeping: [], seed: 9)
    #expect(fresh[kernel].values != model.network[kernel].values)
  }

  /// A layer's settings are part of the digest, which names alone would not tell.
  @Test func digest() throws {
    #expect(try model(normMomentum: 0.5).digest != model(normMomentum: 0.6).digest)
    #expect(try model().digest == model().digest)
  }

  /// Boundaries that are no layers are errors.
  @Test func boundaries() {
    #expect(throws: NetworkError.self) {
      try model(boundaries: GroupBoundaries(middle: "b"))
    }
  }

  /// A head needs two classes.
  @Test(arguments: [0, 1]) func classes(_ count: Int) throws {
    let model = try model()
    #expect(throws: Failure.self) { try model.graph(classes: count) }
  }
}
