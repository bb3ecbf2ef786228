import NeuralNetwork
import Records
import Tensors
import Testing

/// Convolutions with residual adapters, against the same computation by plain layers.
struct ResidualAdapterTests {
  /// A convolution of images of 8×7 pixels, and the layers that read the centers of its windows,
  /// found by hand.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let convolution: Conv2D
    /// Rows and columns that the adapter does not read.
    var crop = (top: 0, left: 0, bottom: 0, right: 0)
    /// Zeros around what it reads.
    var padding = 0

    static let all: [Case] = [
      // Rows 0...7 and columns 0...6.
      Case(testDescription: "same", convolution: Conv2D(filters: 9, kernelSize: 3, hasBias: true)),
      // Rows 1, 3, 5, 7, since the only row of zeros is below, and columns 0, 2, 4, 6.
      Case(
        testDescription: "same, stride 2",
        convolution: Conv2D(filters: 9, kernelSize: 3, stride: 2, hasBias: true),
        crop: (1, 0, 0, 0)),
      // Rows 1...6 and columns 1...5.
      Case(
        testDescription: "valid",
        convolution: Conv2D(filters: 9, kernelSize: 3, padding: .valid), crop: (1, 1, 1, 1)),
      // Rows 1, 4 and columns 1, 4.
      Case(
        testDescription: "valid, stride 3",
        convolution: Conv2D(filters: 9, kernelSize: 3, strides: 3, padding: .valid),
        crop: (1, 1, 3, 0)),
      // Rows 0, 2, 4, 6 and columns 0, 2, 4, 6, as in PyTorch.
      Case(
        testDescription: "one zero around, stride 2",
        convolution: Conv2D(
          filters: 9, kernelSize: 3, strides: 2,
          padding: .explicit(top: 1, left: 1, bottom: 1, right: 1))),
      // Rows -1...8 and columns -1...7.
      Case(
        testDescription: "two zeros around",
        convolution: Conv2D(
          filters: 9, kernelSize: 3, padding: .explicit(top: 2, left: 2, bottom: 2, right: 2)),
        padding: 1),
      // Rows 0...7 and columns 0...6.
      Case(
        testDescription: "same, 5×3 with gaps",
        convolution: Conv2D(
          filters: 9, kernelSize: Size2D(height: 5, width: 3), dilation: 2, hasBias: true)),
    ]

    /// The convolution between two other layers; `isExplicit` computes the adapter by layers of its
    /// own.
    func graph(isExplicit: Bool) throws -> NetworkGraph {
      var graph = NetworkGraph(inputShape: ImageShape(height: 8, width: 7, channels: 3))
      let first = try graph.add("first", Conv2D(filters: 6, kernelSize: 1), .early)
      let plain = try graph.add("conv", convolution, .middle)
      if isExplicit {
        let read = try graph.add(
          "crop",
          Cropping2D(top: crop.top, left: crop.left, bottom: crop.bottom, right: crop.right),
          .middle, after: [first])
        let adapter = Conv2D(
          filters: 9, kernelSize: 1, strides: convolution.strides,
          padding: .explicit(top: padding, left: padding, bottom: padding, right: padding))
        let added = try graph.add("adapter", adapter, .middle, after: [read])
        try graph.add("sum", Add(), .middle, after: [plain, added])
      }
      try graph.add("flatten", Flatten(), .middle)
      try graph.add("head", Dense(units: 4), .head)
      return isExplicit ? graph : try graph.addingResidualAdapters(to: ["conv"])
    }
  }

  private static let batch = 4

  /// The same values in both networks, that of the adapter not zero.
  private func networks(_ example: Case) throws -> (adapted: Network, explicit: Network) {
    var adapted = Network(graph: try example.graph(isExplicit: false), seed: 3)
    var explicit = Network(graph: try example.graph(isExplicit: true), seed: 4)
    var generator = CounterGenerator(seed: 5)
    for (name, specification) in adapted.graph.parameters {
      adapted[name].values = (0..<specification.count).map { _ in 0.3 * generator.normal() }
      explicit[explicitName(name)].values = adapted[name].values
    }
    return (adapted, explicit)
  }

  private func explicitName(_ name: ParameterName) -> ParameterName {
    name.role == ResidualConv2D.adapter ? ParameterName(layer: "adapter", role: "kernel") : name
  }

  private func values(_ network: Network) -> [Float] {
    normalNumbers(Self.batch * network.graph.inputShape.count, seed: 6)
  }

  /// Merging changes no output: the adapter is an addition to the center of the kernel.
  @Test(arguments: Case.all) func merging(example: Case) throws {
    let (adapted, explicit) = try networks(example)
    let values = values(adapted)
    let expected = try infer(explicit, values, batch: Self.batch)[0]
    let merged = try adapted.merged
    for network in [adapted, merged] {
      #expect(relativeDistance(try infer(network, values, batch: Self.batch)[0], expected) < 1e-5)
    }
    #expect(adapted.graph.hasAdditions && !merged.graph.hasAdditions)
    let plain = adapted.graph.parameters.map(\.name).filter { $0.role != ResidualConv2D.adapter }
    #expect(merged.graph.parameters.map(\.name) == plain)
  }

  /// The loss and the gradients of a step: of the adapter, the bias, and the layers around.
  @Test(arguments: Case.all) func gradients(example: Case) throws {
    let (adapted, explicit) = try networks(example)
    let values = values(adapted)
    let frozen: Set = [ParameterName(layer: "conv", role: "kernel")]
    func run(
      _ network: Network, _ layers: Set<String>
    ) throws -> (loss: Double, store: ParameterStore) {
      let run = try TrainingRun(network, training: layers, except: frozen, batch: Self.batch)
      return (try run.step(values, labels: [0, 1, 2, 3]).loss, run.store)
    }
    let layers: Set = ["first", "conv", "head"]
    let (found, expected) = (
      try run(adapted, layers), try run(explicit, layers.union(["adapter"]))
    )
    #expect(abs(found.loss - expected.loss) < 1e-4 * expected.loss)
    #expect(found.store.trainable.count == expected.store.trainable.count)
    for entry in found.store.trainable {
      let gradient = try #require(try found.store.gradient(of: entry.name))
      let other = try #require(try expected.store.gradient(of: explicitName(entry.name)))
      #expect(relativeDistance(gradient, other) < 1e-5, "\(entry.name)")
    }
  }

  /// The adapter as stored in results, and where it starts: the layer is as it was.
  @Test func start() throws {
    let network = Network(graph: try Case.all[0].graph(isExplicit: false), seed: 3)
    let adapter = network[ParameterName(layer: "conv", role: ResidualConv2D.adapter)]
    #expect(adapter == Tensor(repeating: 0, shape: [1, 1, 6, 9]))
    let kernel = ParameterName(layer: "conv", role: "kernel")
    #expect(try network.merged[kernel] == network[kernel])
  }

  /// Layers whose windows have no center or nothing else, and layers with groups, are as they were.
  @Test(
    arguments: [
      Conv2D(filters: 6, kernelSize: 1), Conv2D(filters: 6, kernelSize: 2),
      Conv2D(filters: 6, kernelSize: 3, groups: 3),
    ])
  func withoutAdapter(layer: Conv2D) throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 8, width: 7, channels: 3))
    try graph.add("conv", layer, .early)
    let adapted = try graph.addingResidualAdapters(to: ["conv"])
    #expect(!adapted.hasAdditions)
    #expect(adapted.parameters.map(\.name) == graph.parameters.map(\.name))
  }
}
