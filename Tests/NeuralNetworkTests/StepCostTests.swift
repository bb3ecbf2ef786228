import AllocationCounter
import NeuralNetwork
import Tensors
import Testing

/// What one step asks of the machine, in counts: a change that makes it slower fails here without
/// a clock.
struct StepCostTests {
  private let network: Network

  init() throws { network = Network(graph: try .medium(), seed: 1) }

  private static let batch = 8

  private func run(training layers: Set<String>? = nil) throws -> TrainingRun {
    try TrainingRun(network, training: layers, batch: Self.batch)
  }

  private func layers(from start: String) -> Set<String> {
    let all = network.graph.parameterLayers
    return Set(all[(all.firstIndex(of: start) ?? 0)...])
  }

  /// A training step with its update allocates nothing, apart from what oneDNN does for itself when
  /// a primitive is run.
  @Test(.enabled(if: allocation_counter_works() != 0))
  func allocations() throws {
    let run = try run()
    let optimizer = try run.optimizer()
    let values = normalNumbers(Self.batch * network.graph.inputShape.count, seed: 1)
    let rows = Array(0..<Self.batch)
    let labels = rows.map { Int32($0) }
    func step() throws {
      RowGather.copy(
        rows: rows[...], of: values, rowLength: network.graph.inputShape.count,
        into: run.program.inputs[0])
      _ = try run.program.step(labels: labels[...], number: 0)
      try optimizer.apply(factor: 1)
    }
    try step()
    allocation_counter_start()
    try step()
    #expect(allocation_counter_stop() == 0)
  }

  /// The counter of allocations sees an array, and what oneDNN asks for apart from it.
  @Test(.enabled(if: allocation_counter_works() != 0))
  func allocationsAreSeen() throws {
    allocation_counter_start()
    let numbers = normalNumbers(100, seed: 1)
    let own = allocation_counter_stop()
    #expect(own > 0 && !numbers.isEmpty)
    let program = try InferenceProgram(network, batch: Self.batch)
    allocation_counter_start()
    try program.run()
    #expect(allocation_counter_stop() == 0 && allocation_counter_all() > 0)
  }

  /// Every layer of the medium network is at most one primitive forward, and a convolution or dense
  /// layer is two backward: one for its kernel's gradient, one for its input's.
  ///
  /// 6 convolutions, 6 normalizations with their ReLUs and the pools after them, and the head: 13
  /// forward. Backward 6 normalizations, 2 for each convolution but the first, whose input is the
  /// image, and 2 for the head: 19.
  @Test func primitives() throws {
    let program = try run().program
    #expect(program.primitiveCount - program.reorderCount == 13 + 19)
  }

  /// A kernel is brought into another layout at most twice: for the gradient of the layer's input,
  /// and its own gradient back.
  @Test func reorders() throws {
    #expect(try run().program.reorderCount <= 2 * 7 - 1)
  }

  /// Freezing the first block leaves out its primitives, and the gradient of what it yields.
  ///
  /// 4 convolutions, 4 normalizations and the head forward; backward 4 normalizations, 2 for each
  /// convolution but the lowest and 2 for the head.
  @Test func primitivesAboveAFrozenBlock() throws {
    let program = try run(training: layers(from: "block2_conv1")).program
    #expect(program.primitiveCount - program.reorderCount == 9 + 4 + 7 + 2)
  }

  /// A head alone is one primitive forward and one backward.
  @Test func primitivesOfAHead() throws {
    let program = try run(training: ["head"]).program
    #expect(program.primitiveCount - program.reorderCount == 2)
  }

  /// Frozen layers above a trained one are passed without a gradient of their kernels, and without
  /// bringing these into another layout in every step: they do not change.
  @Test func frozenKernels() throws {
    let program = try run(training: ["block1_conv1"]).program
    #expect(program.primitiveCount - program.reorderCount == 13 + 19 - 6)
    // What is left is the trained kernel's own gradient.
    #expect(program.reorderCount <= 1)
  }

  /// Kernels of frozen layers are brought into the form in which they are used when the program is
  /// compiled, and steps do not read them.
  @Test func preparedKernels() throws {
    let run = try run(training: ["block1_conv1"])
    let values = normalNumbers(Self.batch * network.graph.inputShape.count, seed: 1)
    let loss = try run.step(values).loss
    let gradient = try #require(try run.gradient("block1_conv1", "kernel"))
    var isKept = false
    for node in network.graph.nodes where node.layer is Conv2D && node.name != "block1_conv1" {
      let input = network.graph.shape(at: node.inputs[0])
      let forward = node.layer.keptKernelBytes(
        batch: Self.batch, input: input, passesGradient: false)
      let both = node.layer.keptKernelBytes(batch: Self.batch, input: input, passesGradient: true)
      guard forward > 0, both > forward else { continue }
      isKept = true
      let kernel = try run.store.entry(ParameterName(layer: node.name, role: "kernel")) {
        throw CancellationError()
      }
      kernel.value.fill([Float](repeating: 0, count: kernel.value.count))
    }
    #expect(isKept || kernelInstructionSet == "portable")
    #expect(try run.step(values).loss == loss)
    #expect(try run.gradient("block1_conv1", "kernel") == gradient)
  }

  /// In inference a convolution is one primitive with its normalization, ReLU and pooling, and
  /// nothing is brought into another layout: 6 convolutions and the head.
  @Test func inference() throws {
    let program = try InferenceProgram(network, batch: Self.batch)
    #expect(program.primitiveCount == 7 && program.reorderCount == 0)
  }

  /// The floating-point operations of one example: forward 2 for each multiplication, backward as
  /// many for the kernel's gradient and, except at the image, for the input's.
  @Test func flops() throws {
    // Side 16, 8 and 4; 3×3 kernels between 1, 16, 16, 32, 32, 64 and 64 channels; head 256×10.
    let convolutions = [
      256 * 9 * 16, 256 * 9 * 16 * 16, 64 * 9 * 16 * 32, 64 * 9 * 32 * 32, 16 * 9 * 32 * 64,
      16 * 9 * 64 * 64,
    ]
    let forward = convolutions.reduce(0, +) + 256 * 10
    let step = 3 * forward - convolutions[0]
    #expect(try run().program.flops == Double(2 * Self.batch * step))
    #expect(
      try InferenceProgram(network, batch: Self.batch).flops == Double(2 * Self.batch * forward))
  }
}
