import NeuralNetwork
import Records
import Tensors
import Testing

/// Forward programs: what they fold, where they start and end, and what examples share.
struct InferenceProgramTests {
  private static func network(_ name: String) throws -> Network {
    let graph = try name == "medium" ? NetworkGraph.medium() : .residual()
    return Network(graph: graph, seed: 5).withTypicalParameters(seed: 6)
  }

  private static let names = ["medium", "residual"]

  /// Folded normalizations and applied ReLUs give what the layers give one by one, to 1e-5.
  ///
  /// A node whose own output is wanted takes over nothing, so wanting every node keeps them apart.
  @Test(arguments: names)
  func folding(name: String) throws {
    let network = try Self.network(name)
    let values = normalNumbers(4 * network.graph.inputShape.count, seed: 7)
    let folded = try infer(network, values, batch: 4)[0]
    let all = Array(network.graph.nodes.indices)
    let apart = try infer(network, values, batch: 4, to: all)
    #expect(relativeDistance(folded, apart[apart.count - 1]) < 1e-5)
  }

  /// A node whose own output is wanted yields it before what follows, also where that is wanted
  /// too.
  @Test func wantedOutputs() throws {
    let network = try Self.network("residual")
    let values = normalNumbers(2 * network.graph.inputShape.count, seed: 7)
    let all = Array(network.graph.nodes.indices)
    let together = try infer(network, values, batch: 2, to: all)
    for position in all {
      let alone = try infer(network, values, batch: 2, to: [position])[0]
      let name = network.graph.nodes[position].name
      #expect(relativeDistance(together[position], alone) < 1e-5, "\(name)")
    }
  }

  /// A convolution's own bias goes into the folded one.
  @Test func foldingWithBias() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 3, channels: 2))
    try graph.add("conv", Conv2D(filters: 5, kernelSize: 3, hasBias: true), .late)
    try graph.add("bn", BatchNorm(epsilon: 0.1), .late)
    try graph.add("pool", GlobalAveragePool2D(), .late)
    try graph.add("dense", Dense(units: 4), .late)
    try graph.add("dense_bn", BatchNorm(), .late)
    try graph.add("relu", ReLU(), .late)
    let network = Network(graph: graph, seed: 1).withTypicalParameters(seed: 2)
    let values = normalNumbers(2 * 24, seed: 3)
    let folded = try infer(network, values, batch: 2)[0]
    let apart = try infer(network, values, batch: 2, to: Array(graph.nodes.indices))
    #expect(relativeDistance(folded, apart[5]) < 1e-5)
  }

  /// A folded program runs fewer steps in fewer bytes than one that keeps every layer apart.
  @Test func foldingSavesMemory() throws {
    let network = try Self.network("medium")
    let all = Array(network.graph.nodes.indices)
    let folded = try InferenceProgram(network, batch: 4)
    let apart = try InferenceProgram(network, batch: 4, to: all)
    #expect(folded.bytes < apart.bytes)
    #expect(folded.flops == apart.flops)
  }

  /// A layer with a second reader is not absorbed: the other reader sees the value before the ReLU.
  @Test func sharedOutputs() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 2, width: 2, channels: 3))
    let conv = try graph.add("conv", Conv2D(filters: 3, kernelSize: 1), .late)
    let relu = try graph.add("relu", ReLU(), .late)
    try graph.add("add", Add(), .late, after: [conv, relu])
    let network = Network(graph: graph, seed: 1)
    let values = normalNumbers(12, seed: 3)
    let convolved = try infer(network, values, batch: 1, to: [conv])[0]
    let expected = convolved.map { $0 + max($0, 0) }
    #expect(relativeDistance(try infer(network, values, batch: 1)[0], expected) < 1e-6)
  }

  /// A stretch from the middle continues what a stretch to the middle left.
  @Test(arguments: ["block1_pool", "block2_conv2", "block3_bn1", "flatten"])
  func stretches(layer: String) throws {
    let network = try Self.network("medium")
    let middle = try network.graph.position(of: layer)
    let values = normalNumbers(3 * 256, seed: 8)
    let below = try infer(network, values, batch: 3, to: [middle])[0]
    let above = try InferenceProgram(network, batch: 3, from: [middle])
    above.inputs[0].fill(below)
    try above.run()
    let whole = try infer(network, values, batch: 3)[0]
    #expect(relativeDistance(above.outputs[0].contents, whole) < 1e-5)
    #expect(above.flops < (try InferenceProgram(network, batch: 3).flops))
  }

  /// Two sources inside a residual block, and two targets in the order in which they are named.
  @Test func severalSourcesAndTargets() throws {
    let network = try Self.network("residual")
    let graph = network.graph
    let sources = try ["b_relu1", "b_projection_bn"].map { try graph.position(of: $0) }
    let targets = try ["head", "b_add"].map { try graph.position(of: $0) }
    let values = normalNumbers(2 * graph.inputShape.count, seed: 9)
    let given = try infer(network, values, batch: 2, to: sources)
    let program = try InferenceProgram(network, batch: 2, from: sources, to: targets)
    for (input, values) in zip(program.inputs, given) { input.fill(values) }
    try program.run()
    let expected = try infer(network, values, batch: 2, to: targets)
    #expect(program.outputs.count == 2)
    for (found, expected) in zip(program.outputs, expected) {
      #expect(relativeDistance(found.contents, expected) < 1e-5)
    }
  }

  /// What is given may itself be wanted.
  @Test func sourceAsTarget() throws {
    let network = try Self.network("medium")
    let program = try InferenceProgram(network, batch: 1, to: [NetworkGraph.input])
    let values = normalNumbers(256, seed: 1)
    program.inputs[0].fill(values)
    try program.run()
    #expect(program.outputs.map(\.contents) == [values])
    #expect(program.flops == 0)
  }

  /// An example's output bits depend neither on its position in the batch nor on its neighbours,
  /// at the frontier and at the logits: what makes a cached prefix equal to a computed one.
  @Test(arguments: names, [7, 32, 33])
  func independenceOfExamples(name: String, batch: Int) throws {
    let network = try Self.network(name)
    let length = network.graph.inputShape.count
    let example = normalNumbers(length, seed: 10)
    let last = network.graph.nodes.count - 1
    let program = try InferenceProgram(network, batch: batch, to: [last - 1, last])
    var outputs: Set<[[UInt32]]> = []
    for position in 0..<batch {
      var values = normalNumbers(batch * length, seed: UInt64(100 + position))
      values.replaceSubrange(position * length..<(position + 1) * length, with: example)
      program.inputs[0].fill(values)
      try program.run()
      outputs.insert(
        program.outputs.map {
          let count = $0.count / batch
          return bits(Array($0.contents[position * count..<(position + 1) * count]))
        })
    }
    #expect(outputs.count == 1)
  }

  /// Large images run in small batches: no layer's input and output take more than 256 MiB.
  @Test(arguments: [(16, 100), (224, 8), (256, 8), (257, 4), (2_000, 1)])
  func batchesOfLargeImages(side: Int, batch: Int) throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: side, width: side, channels: 3))
    for name in ["conv1", "conv2"] {
      try graph.add(name, Conv2D(filters: 64, kernelSize: 3), .late)
    }
    try graph.add("mean", GlobalAveragePool2D(), .late)
    #expect(graph.inferenceBatch(atMost: side == 16 ? 100 : 32) == batch)
  }

  /// Zeros around a convolution's input cost neither a step nor memory; where somebody else reads
  /// them, they are computed.
  @Test func foldingZeros() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 5, width: 6, channels: 2))
    let zeros = try graph.add(
      "zeros", ZeroPadding2D(top: 1, left: 1, bottom: 2, right: 0), .late)
    try graph.add(
      "conv", Conv2D(filters: 5, kernelSize: 3, strides: 2, padding: .valid), .late)
    let network = Network(graph: graph, seed: 1)
    let values = normalNumbers(2 * 60, seed: 3)
    let apart = try infer(network, values, batch: 2, to: [zeros, 1])
    #expect(relativeDistance(try infer(network, values, batch: 2)[0], apart[1]) < 1e-6)
    #expect(apart[0].count == 2 * 8 * 7 * 2)
    let bytes = try [[1], [zeros, 1]].map {
      try InferenceProgram(network, batch: 2, to: $0, memory: .own).bytes
    }
    #expect(bytes[1] - bytes[0] >= 4 * apart[0].count)
  }
}
