import ModelFiles
import NeuralNetwork
import TaskData
import Tensors
import Testing
import Transfer

/// Which pixels a network is made for, by its first layers and by what its file notes.
struct PixelFeedTests {
  private static let shape = ImageShape(height: 4, width: 4, channels: 3)

  private func network(_ layers: [any Layer], _ change: (inout Network) -> Void = { _ in }) throws
    -> Network
  {
    var graph = NetworkGraph(inputShape: Self.shape)
    for (index, layer) in layers.enumerated() { try graph.add("l\(index)", layer, .late) }
    try graph.add("conv", Conv2D(filters: 2, kernelSize: 3), .late)
    var network = Network(graph: graph, seed: 1)
    change(&network)
    return network
  }

  private func range(_ network: Network, _ metadata: [String: String] = [:]) -> PixelRange? {
    PixelFeed(of: network, metadata: metadata)?.range
  }

  private func set(
    _ network: inout Network, _ layer: String, _ values: [(role: String, values: [Float])]
  ) {
    for (role, values) in values {
      network[ParameterName(layer: layer, role: role)] = Tensor(shape: [3], values: values)
    }
  }

  /// A rescaling maps the pixels that it is made for to about -1...1 or 0...1.
  @Test(
    arguments: [
      (1 / 255, 0, PixelRange.bytes), (1 / 127.5, -1, .bytes), (1 / 16, 0, .bytes),
      (1, -128, .bytes), (2, -1, .unit), (255, 0, .unit), (4, -2, .unit), (0.5, 0.5, nil),
      (127.5, 127.5, nil), (1, 0, nil), (1, -0.5, nil), (-1 / 255, 1, nil), (0, 0, nil),
    ] as [(Float, Float, PixelRange?)])
  func rescaling(scale: Float, offset: Float, expected: PixelRange?) throws {
    let network = try network([Rescaling(scale: [scale], offset: [offset])])
    #expect(range(network) == expected)
  }

  /// Mean and variance show what a normalization was adapted to: ImageNet's in either range, no
  /// adaption, data that were centred already, and a channel that never changes.
  @Test(
    arguments: [
      ([123.7, 116.3, 103.5], [3411, 3263, 3290], PixelRange.bytes),
      ([0.485, 0.456, 0.406], [0.0524, 0.0502, 0.0506], .unit), ([0, 0, 0], [1, 1, 1], nil),
      ([0.01, -0.02, 0], [0.25, 0.2, 0.3], nil), ([0, 90, 80], [0, 3000, 2500], .bytes),
      ([0, 0, 0], [0, 0, 0], nil),
    ] as [([Float], [Float], PixelRange?)])
  func normalization(mean: [Float], variance: [Float], expected: PixelRange?) throws {
    let network = try network([Normalization()]) {
      set(&$0, "l0", [("mean", mean), ("variance", variance)])
    }
    #expect(range(network) == expected)
  }

  /// EfficientNet divides by 255 first and standardizes then.
  @Test func both() throws {
    let layers: [any Layer] = [Rescaling(scale: [1 / 255], offset: [0]), Normalization()]
    #expect(range(try network(layers)) == .bytes)
    let adapted = try network(layers) {
      set(&$0, "l1", [("mean", [0.4, 0.4, 0.4]), ("variance", [0.05, 0.05, 0.05])])
    }
    #expect(range(adapted) == .bytes)
    let reason = PixelFeed(of: adapted, metadata: [:])?.reason
    #expect(reason == "the network begins with 'l0' (Rescaling)")
  }

  /// The statistics of a batch normalization that reads the images tell their range; a fresh one's
  /// tell nothing, and a later one's neither.
  @Test func batchNorm() throws {
    let layers: [any Layer] = [
      ZeroPadding2D(top: 1, left: 1, bottom: 1, right: 1), BatchNorm(),
    ]
    #expect(range(try network(layers)) == nil)
    let bytes: [(String, [Float])] = [
      ("moving_mean", [120, 110, 100]), ("moving_variance", [4000, 4100, 4200]),
    ]
    #expect(range(try network(layers) { set(&$0, "l1", bytes) }) == .bytes)
    let later: [any Layer] = [ReLU(), BatchNorm()]
    #expect(range(try network(later) { set(&$0, "l1", bytes) }) == nil)
  }

  /// Keras' own preprocessing for VGG reverses the channels, each cut out alone, before it takes
  /// off their means.
  @Test func reversedChannels() throws {
    var graph = NetworkGraph(inputShape: Self.shape)
    for channel in 0..<3 {
      try graph.add("channel\(channel)", SelectChannels([channel]), .late, after: [-1])
    }
    try graph.add("reversed", Concatenate(), .late, after: [2, 1, 0])
    let means: [Float] = [103.939, 116.779, 123.68]
    try graph.add(
      "centred", Rescaling(scale: [1, 1, 1], offset: means.map { -$0 }), .late)
    try graph.add("conv", Conv2D(filters: 2, kernelSize: 3), .late)
    #expect(range(Network(graph: graph, seed: 1)) == .bytes)
  }

  /// A layer that scales only one of two ways from the input tells nothing of the pixels.
  @Test func twoWays() throws {
    var graph = NetworkGraph(inputShape: Self.shape)
    try graph.add("scaled", Rescaling(scale: [1 / 255], offset: [0]), .late)
    try graph.add("sum", Add(), .late, after: [0, -1])
    #expect(range(Network(graph: graph, seed: 1)) == nil)
  }

  /// What was noted at training comes first: a word, a range, and of earlier versions neither.
  @Test func noted() throws {
    let network = try network([Rescaling(scale: [1 / 255], offset: [0])])
    let word = try #require(PixelFeed(of: network, metadata: ["preprocess": "caffe"]))
    #expect(word.preprocess == "caffe" && word.range == nil)
    #expect(range(network, ["pixel_range": "0...1", "data_digest": "ab"]) == .unit)
    #expect(range(network, ["pixel_range": "-2.5...3.0"]) == .numbers(-2.5, 3))
    #expect(range(network, ["data_digest": "ab"]) == .unit)
    #expect(range(network, ["pixel_range": "all"]) == .bytes)
  }
}
