import AllocationCounter
import NeuralNetwork
import Records
import Tensors
import Testing

/// Layers with low-rank additions to their kernels, against the same computation by plain layers.
struct LowRankTests {
  private static let adapters = LowRankAdapters(rank: 3, alpha: 6)
  private static let batch = 4
  /// The kernels with an addition, which are not trained.
  private static let kernels: Set = [
    ParameterName(layer: "conv", role: "kernel"), ParameterName(layer: "dense", role: "kernel"),
  ]

  /// A strided convolution with a bias, then a dense layer, then a head; `isExplicit` computes the
  /// additions by layers of their own.
  private static func graph(isExplicit: Bool) throws -> NetworkGraph {
    var graph = NetworkGraph(inputShape: ImageShape(height: 7, width: 6, channels: 5))
    let entrance = try graph.add("first", Conv2D(filters: 6, kernelSize: 3), .early)
    func add(
      _ name: String, _ layer: any Layer, _ down: any Layer, _ up: any Layer, after source: Int
    ) throws {
      let plain = try graph.add(name, layer, .middle, after: [source])
      guard isExplicit else { return }
      try graph.add("\(name)_down", down, .middle, after: [source])
      try graph.add("\(name)_up", up, .middle)
      let scaled = try graph.add("\(name)_scale", Rescaling(scale: [2], offset: [0]), .middle)
      try graph.add("\(name)_sum", Add(), .middle, after: [plain, scaled])
    }
    try add(
      "conv", Conv2D(filters: 9, kernelSize: 3, stride: 2, hasBias: true),
      Conv2D(filters: 3, kernelSize: 3, stride: 2), Conv2D(filters: 9, kernelSize: 1),
      after: entrance)
    let flat = try graph.add("flatten", Flatten(), .middle)
    try add(
      "dense", Dense(units: 7), Dense(units: 3, hasBias: false), Dense(units: 7, hasBias: false),
      after: flat)
    try graph.add("head", Dense(units: 4), .head)
    return isExplicit ? graph : try graph.adding(adapters, to: ["conv", "dense"])
  }

  /// The same values in both networks, none of the factors zero.
  private let low: Network
  private let explicit: Network
  private let values: [Float]

  init() throws {
    var low = Network(graph: try Self.graph(isExplicit: false), seed: 3)
    var explicit = Network(graph: try Self.graph(isExplicit: true), seed: 4)
    var generator = CounterGenerator(seed: 5)
    for (name, specification) in low.graph.parameters {
      low[name].values = (0..<specification.count).map { _ in 0.3 * generator.normal() }
      let other = Self.explicitName(name)
      explicit[other] = Tensor(shape: explicit[other].shape, values: low[name].values)
    }
    (self.low, self.explicit) = (low, explicit)
    values = (0..<Self.batch * low.graph.inputShape.count).map { _ in generator.normal() }
  }

  private static func explicitName(_ name: ParameterName) -> ParameterName {
    switch name.role {
    case LowRankRole.down: ParameterName(layer: "\(name.layer)_down", role: "kernel")
    case LowRankRole.up: ParameterName(layer: "\(name.layer)_up", role: "kernel")
    default: name
    }
  }

  private func expectClose(_ found: [Float], _ expected: [Float], _ what: String) {
    let size = expected.map(abs).max() ?? 0
    #expect(found.count == expected.count && size > 1e-4, "\(what)")
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) < 2e-5 * size, "\(what)")
    }
  }

  /// Inference, and inference of the merged network, which has no additions.
  @Test func outputs() throws {
    let expected = try infer(explicit, values, batch: Self.batch)[0]
    expectClose(try infer(low, values, batch: Self.batch)[0], expected, "low rank")
    let merged = try low.merged
    expectClose(try infer(merged, values, batch: Self.batch)[0], expected, "merged")
    #expect(low.graph.hasAdditions && !merged.graph.hasAdditions)
    #expect(merged.graph.parameters.map(\.name.role).allSatisfy { !$0.hasPrefix("lora") })
  }

  /// The loss and the gradients of a step: of factors, biases, and the layer below.
  @Test func gradients() throws {
    let trained: Set = ["first", "conv", "dense", "head"]
    let factors: Set = ["conv_down", "conv_up", "dense_down", "dense_up"]
    func run(
      _ network: Network, _ layers: Set<String>
    ) throws -> (loss: Double, store: ParameterStore) {
      let run = try TrainingRun(network, training: layers, except: Self.kernels, batch: Self.batch)
      return (try run.step(values, labels: [0, 1, 2, 3]).loss, run.store)
    }
    let (found, expected) = (try run(low, trained), try run(explicit, trained.union(factors)))
    #expect(abs(found.loss - expected.loss) < 1e-4 * expected.loss)
    #expect(found.store.trainable.count == expected.store.trainable.count)
    for entry in found.store.trainable {
      let other = Self.explicitName(entry.name)
      expectClose(
        try #require(try found.store.gradient(of: entry.name)),
        try #require(try expected.store.gradient(of: other)), "\(entry.name)")
    }
  }

  /// A step merges the factors into the kernels without allocating anything, apart from what oneDNN
  /// does for itself.
  @Test(.enabled(if: allocation_counter_works() != 0))
  func allocations() throws {
    let run = try TrainingRun(
      low, training: ["conv", "dense", "head"], except: Self.kernels, batch: Self.batch)
    let labels: [Int32] = [0, 1, 2, 3]
    _ = try run.program.step(labels: labels[...], number: 0)
    allocation_counter_start()
    _ = try run.program.step(labels: labels[...], number: 1)
    #expect(allocation_counter_stop() == 0)
  }

  /// The parameters as stored in results, and where they start: as the layer was.
  @Test func start() throws {
    let network = Network(graph: try Self.graph(isExplicit: false), seed: 3)
    func values(_ layer: String, _ role: String) -> Tensor {
      network[ParameterName(layer: layer, role: role)]
    }
    #expect(values("conv", LowRankRole.down).shape == [3, 3, 6, 3])
    #expect(values("conv", LowRankRole.up).shape == [1, 1, 3, 9])
    #expect(values("dense", LowRankRole.down).shape == [108, 3])
    #expect(values("dense", LowRankRole.up).shape == [3, 7])
    #expect(values("conv", LowRankRole.up).values.allSatisfy { $0 == 0 })
    let limit = 1 / Float(54).squareRoot()
    let down = values("conv", LowRankRole.down).values.map(abs)
    #expect(down.allSatisfy { $0 <= limit } && (down.max() ?? 0) > 0.9 * limit)
    let merged = try network.merged
    for layer in ["conv", "dense"] {
      #expect(
        merged[ParameterName(layer: layer, role: "kernel")].values
          == values(layer, "kernel").values)
    }
  }
}
