import NeuralNetwork
import Records
import Tensors
import Testing

/// Networks as values: strict parameters, fresh parameters, graphs that make sense.
struct NetworkTests {
  private func parameters() throws -> [ParameterName: Tensor] {
    Network(graph: try .plain(), seed: 1).parameters
  }

  private func error(_ parameters: [ParameterName: Tensor]) throws -> NetworkError? {
    let graph = try NetworkGraph.plain()
    return #expect(throws: NetworkError.self) {
      try Network(graph: graph, parameters: parameters)
    }
  }

  /// A complete set is taken as it is.
  @Test func completeParameters() throws {
    let parameters = try parameters()
    #expect(try Network(graph: .plain(), parameters: parameters).parameters == parameters)
  }

  /// Missing parameters are all named, input first.
  @Test func missing() throws {
    var parameters = try parameters()
    parameters[ParameterName(layer: "head", role: "bias")] = nil
    parameters[ParameterName(layer: "conv1", role: "kernel")] = nil
    #expect(try error(parameters)?.description == "missing: conv1/kernel, head/bias")
  }

  /// Parameters that the network does not have are all named.
  @Test func unexpected() throws {
    var parameters = try parameters()
    parameters[ParameterName(layer: "other", role: "kernel")] = Tensor(shape: [1], values: [0])
    parameters[ParameterName(layer: "conv1", role: "gamma")] = Tensor(shape: [1], values: [0])
    #expect(
      try error(parameters)?.description
        == "not part of the network: conv1/gamma, other/kernel")
  }

  /// Parameters of another shape are named with both shapes, even where the count is the same.
  @Test func misshapen() throws {
    var parameters = try parameters()
    parameters[ParameterName(layer: "head", role: "kernel")] = Tensor(repeating: 0, shape: [3, 6])
    #expect(
      try error(parameters)?.description
        == "wrong shape: head/kernel is [3, 6] instead of [6, 3]")
  }

  /// All three faults are told at once.
  @Test func everyFault() throws {
    var parameters = try parameters()
    parameters[ParameterName(layer: "head", role: "bias")] = nil
    parameters[ParameterName(layer: "other", role: "bias")] = Tensor(shape: [1], values: [0])
    parameters[ParameterName(layer: "conv1", role: "bias")] = Tensor(shape: [1], values: [0])
    #expect(
      try error(parameters)?.description
        == "missing: head/bias; not part of the network: other/bias; "
        + "wrong shape: conv1/bias is [1] instead of [4]")
  }

  /// Fresh parameters are a function of the seed.
  @Test func seeds() throws {
    let network = Network(graph: try .medium(), seed: 1)
    #expect(network.parameters == Network(graph: try .medium(), seed: 1).parameters)
    let kernel = ParameterName(layer: "block2_conv1", role: "kernel")
    #expect(network[kernel] != Network(graph: try .medium(), seed: 2)[kernel])
  }

  /// A parameter's start depends on its own name and not on the layers around it.
  @Test func sharedStart() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 6, width: 6, channels: 4))
    try graph.add("other", ReLU(), .early)
    try graph.add("conv2", Conv2D(filters: 6, kernelSize: 3, stride: 2), .middle)
    try graph.add("conv3", Conv2D(filters: 4, kernelSize: 3), .middle)
    try graph.add("conv4", Conv2D(filters: 6, kernelSize: 3), .middle)
    let other = Network(graph: graph, seed: 1)
    let plain = Network(graph: try .plain(), seed: 1)
    let conv2 = ParameterName(layer: "conv2", role: "kernel")
    #expect(other[conv2] == plain[conv2])
    #expect(other[ParameterName(layer: "conv4", role: "kernel")].values != other[conv2].values)
  }

  /// Kernels start uniformly in ±sqrt(6 / (fan in + fan out)), the rest at zero or one, as in
  /// Keras.
  @Test func initialization() throws {
    let network = Network(graph: try .medium(), seed: 1)
    for (layer, fans) in [("block3_conv2", 9 * 64 + 9 * 64), ("head", 256 + 10)] {
      let limit = (6 / Float(fans)).squareRoot()
      let values = network[ParameterName(layer: layer, role: "kernel")].values
      #expect(values.allSatisfy { abs($0) <= limit })
      #expect((values.max() ?? 0) > 0.95 * limit && (values.min() ?? 0) < -0.95 * limit)
      let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
      #expect(abs(mean) < 5 * Double(limit) / (3 * Double(values.count)).squareRoot())
    }
    func start(_ role: String, of layer: String) -> Set<Float> {
      Set(network[ParameterName(layer: layer, role: role)].values)
    }
    #expect(start("bias", of: "head") == [0])
    #expect(start("gamma", of: "block1_bn1") == [1] && start("beta", of: "block1_bn1") == [0])
    #expect(start("moving_mean", of: "block1_bn1") == [0])
    #expect(start("moving_variance", of: "block1_bn1") == [1])
  }

  /// Weights are what an optimizer can change: kernels, biases, gamma and beta.
  @Test func weightCounts() throws {
    let medium = Network(graph: try .medium(), seed: 1)
    let convolutions = 9 * (16 + 16 * 16 + 16 * 32 + 32 * 32 + 32 * 64 + 64 * 64)
    let normalizations = 2 * 2 * (16 + 32 + 64)
    #expect(medium.weightCount() == convolutions + normalizations + 256 * 10 + 10)
    #expect(medium.weightCount(in: ["head", "block1_bn1"]) == 2570 + 32)
    #expect(medium.weightCount(in: []) == 0)
  }

  /// Two layers of one name, and a layer that does not fit, are errors that name them.
  @Test func graphErrors() throws {
    var graph = try NetworkGraph.plain()
    let duplicate = #expect(throws: NetworkError.self) { try graph.add("relu", ReLU(), .late) }
    #expect(duplicate?.description == "two layers are called 'relu'")
    let misfit = #expect(throws: NetworkError.self) {
      try graph.add("sum", Add(), .late, after: [0, 2])
    }
    #expect(
      misfit?.description == "layer 'sum' does not accept inputs of shape 6×6×4, 3×3×6")
    let dense = #expect(throws: NetworkError.self) {
      try graph.add("dense", Dense(units: 2), .late, after: [1])
    }
    #expect(dense?.description == "layer 'dense' does not accept inputs of shape 6×6×4")
    let pool = #expect(throws: NetworkError.self) {
      try graph.add("pool2", MaxPool2D(size: 7), .late, after: [1])
    }
    #expect(pool?.description == "layer 'pool2' does not accept inputs of shape 6×6×4")
    #expect(graph.nodes.count == 5)
  }

  /// Layers with parameters are listed input first, and by group.
  @Test func parameterLayers() throws {
    let graph = try NetworkGraph.plain()
    #expect(graph.parameterLayers == ["conv1", "conv2", "head"])
    #expect(graph.parameterLayers(in: [.head, .early]) == ["conv1", "head"])
    #expect(
      graph.parameters.map(\.name.description) == [
        "conv1/kernel", "conv1/bias", "conv2/kernel", "conv2/bias", "head/kernel", "head/bias",
      ])
  }
}
