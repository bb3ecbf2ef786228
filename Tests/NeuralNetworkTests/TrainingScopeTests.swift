import NeuralNetwork
import Records
import Tensors
import Testing

/// What a set of trained layers implies for the rest.
struct TrainingScopeTests {
  /// The names of the nodes whose flag is set.
  private func names(_ flags: [Bool], of graph: NetworkGraph) -> [String] {
    zip(graph.nodes, flags).filter(\.1).map(\.0.name)
  }

  /// With every layer trained there is no prefix, and the network's input is the frontier.
  @Test func everything() throws {
    let graph = try NetworkGraph.plain()
    let scope = try TrainingScope(graph: graph, trainableLayers: ["conv1", "conv2", "head"])
    #expect(!scope.hasPrefix && scope.frontier == [NetworkGraph.input])
    #expect(scope.isPrefix == [false, false, false, false, false])
    #expect(scope.carriesGradient == [true, true, true, true, true])
  }

  /// With the head alone, everything below is the prefix and its last node is the frontier.
  @Test func headAlone() throws {
    let graph = try NetworkGraph.plain()
    let scope = try TrainingScope(graph: graph, trainableLayers: ["head"])
    #expect(scope.hasPrefix && scope.frontier == [3])
    #expect(names(scope.isPrefix, of: graph) == ["conv1", "relu", "conv2", "pool"])
    #expect(names(scope.carriesGradient, of: graph) == ["head"])
  }

  /// A frozen layer above a trained one is not of the prefix and carries the gradient.
  @Test func frozenInTheMiddle() throws {
    let graph = try NetworkGraph.plain()
    let scope = try TrainingScope(graph: graph, trainableLayers: ["conv1", "head"])
    #expect(!scope.hasPrefix)
    #expect(names(scope.carriesGradient, of: graph) == graph.nodes.map(\.name))
  }

  /// A convolution trained inside a residual block has two tensors below it: the one that it reads
  /// and the shortcut, which carries no gradient.
  @Test func twoFrontierTensors() throws {
    let graph = try NetworkGraph.residual()
    let names = try ["b_relu1", "b_projection_bn"].map { try graph.position(of: $0) }
    let scope = try TrainingScope(graph: graph, trainableLayers: ["b_conv2", "head"])
    #expect(scope.frontier == names.sorted())
    #expect(!scope.isPrefix[try graph.position(of: "b_conv2")])
    #expect(!scope.carriesGradient[try graph.position(of: "b_projection")])
    #expect(scope.carriesGradient[try graph.position(of: "b_add")])
  }

  /// A step from two frontier tensors computes the gradients that a step over the whole network
  /// with the same layers frozen computes.
  @Test func stepFromTwoFrontierTensors() throws {
    let network = Network(graph: try .residual(), seed: 1).withTypicalParameters(seed: 2)
    let graph = network.graph
    let trained: Set = ["b_conv2", "b_bn2", "head"]
    let short = try TrainingRun(network, training: trained, batch: 3)
    #expect(short.program.inputs.count == 2)
    let values = normalNumbers(3 * graph.inputShape.count, seed: 3)
    let frontier = try infer(network, values, batch: 3, to: short.scope.frontier)
    for (input, values) in zip(short.program.inputs, frontier) { input.fill(values) }
    let loss = try short.program.step(labels: [0, 1, 2], number: 0).loss

    // A trained stem makes the whole network the suffix; its own normalization stays frozen.
    let whole = try TrainingRun(network, training: trained.union(["stem"]), batch: 3)
    let wholeLoss = try whole.step(values, labels: [0, 1, 2]).loss
    #expect(abs(loss - wholeLoss) < 1e-5)
    for entry in short.store.trainable {
      let found = try #require(try short.store.gradient(of: entry.name))
      let expected = try #require(try whole.store.gradient(of: entry.name))
      #expect(relativeDistance(found, expected) < 1e-4, "\(entry.name)")
    }
  }

  /// A trained projection next to a frozen main path leaves the main path out of the backward pass.
  @Test func trainedProjection() throws {
    let graph = try NetworkGraph.residual()
    let scope = try TrainingScope(graph: graph, trainableLayers: ["b_projection"])
    let expected = try ["a_relu2", "b_bn2"].map { try graph.position(of: $0) }
    #expect(scope.frontier == expected.sorted())
    #expect(scope.isPrefix[try graph.position(of: "b_conv2")])
  }

  private func withDropout(_ group: LayerGroup) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: 4))
    try graph.add("hidden", Dense(units: 4), .late)
    try graph.add("dropout", Dropout(rate: 0.5), group)
    try graph.add("head", Dense(units: 2), .head)
    return graph
  }

  /// Dropout of the head ends the prefix, since its output is not the same in every epoch, but
  /// carries no gradient where nothing below is trained.
  @Test func dropoutOfTheHeadEndsThePrefix() throws {
    let scope = try TrainingScope(graph: try withDropout(.head), trainableLayers: ["head"])
    #expect(scope.frontier == [0])
    #expect(scope.isPrefix == [true, false, false])
    #expect(scope.carriesGradient == [false, false, true])
  }

  /// Dropout of a frozen backbone drops nothing, as in inference.
  @Test func dropoutOfAFrozenBackbone() throws {
    let scope = try TrainingScope(graph: try withDropout(.late), trainableLayers: ["head"])
    #expect(scope.isPrefix == [true, true, false])
  }

  /// Dropout above a trained layer is at work, whatever group it is in.
  @Test func dropoutAboveTrainedLayers() throws {
    let scope = try TrainingScope(
      graph: try withDropout(.late), trainableLayers: ["hidden", "head"])
    #expect(scope.isPrefix == [false, false, false])
  }

  /// An unknown name, and a layer without parameters, is an error that lists the known names.
  @Test(arguments: ["conv9", "relu"])
  func unknownNames(name: String) throws {
    let graph = try NetworkGraph.plain()
    let error = #expect(throws: NetworkError.self) {
      try TrainingScope(graph: graph, trainableLayers: ["head", name])
    }
    #expect(
      error?.description == "there is no layer '\(name)'; the layers are conv1, conv2, head")
  }

  /// A layer of statistics alone learns nothing: named or not, it is part of the prefix.
  @Test func statisticsAlone() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 1, width: 1, channels: 3))
    try graph.add("data", Normalization(), .early)
    try graph.add("head", Dense(units: 2), .head)
    let scope = try TrainingScope(graph: graph, trainableLayers: ["data", "head"])
    #expect(scope.isPrefix == [true, false])
    #expect(scope.carriesGradient == [false, true])
    #expect(throws: NetworkError.self) {
      try TrainingScope(graph: graph, trainableLayers: ["data"])
    }
  }

  /// Training nothing is an error.
  @Test func nothingToTrain() throws {
    let graph = try NetworkGraph.plain()
    let error = #expect(throws: NetworkError.self) {
      try TrainingScope(graph: graph, trainableLayers: [])
    }
    guard case .nothingToTrain = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
