import NeuralNetwork
import Records
import Tensors
import Testing

/// How the activations and gradients of training programs share memory.
struct TrainingMemoryTests {
  /// Both ways of lying in memory, on the same network.
  private func runs(
    _ network: Network, batch: Int, training layers: Set<String>? = nil
  ) throws -> (shared: TrainingRun, own: TrainingRun) {
    (
      try TrainingRun(network, training: layers, batch: batch),
      try TrainingRun(network, training: layers, batch: batch, memory: .own)
    )
  }

  private func gradients(_ run: TrainingRun) throws -> [[UInt32]] {
    try run.store.trainable.map { bits(try run.store.gradient(of: $0.name) ?? []) }
  }

  /// Shared memory changes no bit of what steps compute, and takes less.
  @Test(arguments: ["medium", "residual", "branching"])
  func sameBits(name: String) throws {
    let graph: NetworkGraph =
      switch name {
      case "medium": try .medium()
      case "residual": try .residual()
      default: try .branching()
      }
    let network = Network(graph: graph, seed: 5).withTypicalParameters(seed: 6)
    let (shared, own) = try runs(network, batch: 3)
    #expect(shared.program.bytes < own.program.bytes && shared.program.flops == own.program.flops)
    let optimizers = try [shared.optimizer(), own.optimizer()]
    for number in 0..<3 {
      let values = normalNumbers(3 * graph.inputShape.count, seed: UInt64(number))
      for run in [shared, own] { try run.step(values, labels: [0, 1, 2], number: UInt64(number)) }
      #expect(bits(shared.program.lastLogits) == bits(own.program.lastLogits))
      #expect(try gradients(shared) == gradients(own))
      for optimizer in optimizers { try optimizer.apply(factor: 1) }
    }
  }

  /// A ReLU lies in the memory of the layer before it where nothing else needs that layer's output,
  /// which changes no bit.
  @Test func reLUInPlace() throws {
    func run(_ relu: any Layer) throws -> TrainingRun {
      var graph = NetworkGraph(inputShape: ImageShape(height: 6, width: 5, channels: 3))
      try graph.add("conv1", Conv2D(filters: 8, kernelSize: 3, hasBias: true), .early)
      let relu1 = try graph.add("relu1", relu, .early)
      let conv2 = try graph.add("conv2", Conv2D(filters: 8, kernelSize: 3), .late)
      try graph.add("add", Add(), .late, after: [relu1, conv2])
      let relu2 = try graph.add("relu2", relu, .late)
      // Its own backward step reads the output of the softmax, and two layers that of the product.
      try graph.add("softmax", Activation(.softmax), .late)
      try graph.add("relu3", relu, .late)
      let product = try graph.add("product", Multiply(), .late, after: [relu2, relu2 + 2])
      let relu4 = try graph.add("relu4", relu, .late)
      try graph.add("sum", Add(), .late, after: [product, relu4])
      try graph.add("mean", GlobalAveragePool2D(), .late)
      try graph.add("head", Dense(units: 3), .head)
      let network = Network(graph: graph, seed: 3).withTypicalParameters(seed: 4)
      let run = try TrainingRun(network, batch: 2, memory: .own)
      try run.step(normalNumbers(2 * 90, seed: 5), labels: [0, 2])
      return run
    }
    // The same function, which is not recognized as a ReLU.
    let bounded = Activation(.relu(maximum: .infinity, negativeSlope: 0, threshold: 0))
    let (inPlace, apart) = (try run(ReLU()), try run(bounded))
    #expect(try gradients(inPlace) == gradients(apart))
    #expect(bits(inPlace.program.lastLogits) == bits(apart.program.lastLogits))
    #expect(apart.program.bytes - inPlace.program.bytes == 2 * 2 * 6 * 5 * 8 * 4)
  }

  /// What a layer says it keeps for its backward pass is all that it reads there: gradients of
  /// layers above, which come to lie where its other values lay, change nothing.
  @Test(arguments: LayerCase.all)
  func keptValues(_ layerCase: LayerCase) throws {
    let recorders = (GradientRecorder(), GradientRecorder())
    func run(_ recorder: GradientRecorder, _ memory: ActivationMemory) throws -> TrainingRun {
      var graph = NetworkGraph(inputShape: layerCase.input)
      let probe = try graph.add("probe", Probe(recorder: recorder), .early)
      let entrance = try graph.add("entrance", Activation(.softsign), .early, after: [probe])
      try layerCase.build(&graph, entrance)
      for index in 0..<4 { try graph.add("above\(index)", Activation(.softsign), .late) }
      try graph.add("upstream", Upstream(slopes: layerCase.slopes), .head)
      return try TrainingRun(
        Network(graph: graph, seed: 3).withTypicalParameters(seed: 4), batch: layerCase.batch,
        memory: memory)
    }
    let (shared, own) = (try run(recorders.0, .shared), try run(recorders.1, .own))
    for run in [shared, own] { try run.step(layerCase.values) }
    let found = try #require(recorders.0.gradient)
    #expect(bits(found) == bits(try #require(recorders.1.gradient)))
    #expect(try gradients(shared) == gradients(own))
  }
}
