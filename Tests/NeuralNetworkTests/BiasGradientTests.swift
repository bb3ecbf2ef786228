import NeuralNetwork
import Records
import Tensors
import Testing

/// Biases that are trained without their kernels.
struct BiasGradientTests {
  /// The gradient of each bias is the one that training of the whole layer gives, and no other
  /// parameter has one.
  @Test func sameAsWithKernels() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 7, width: 5, channels: 3))
    try graph.add("conv", Conv2D(filters: 19, kernelSize: 3, hasBias: true), .early)
    try graph.add("relu", ReLU(), .early)
    try graph.add("flatten", Flatten(), .early)
    try graph.add("dense", Dense(units: 6), .late)
    try graph.add("head", Dense(units: 4), .head)
    let network = Network(graph: graph, seed: 3)
    let whole = Set(graph.parameterLayers)
    let part = graph.training(.biases, of: whole)
    #expect(part.layers == whole)
    #expect(Set(part.frozen.map(\.description)) == ["conv/kernel", "dense/kernel"])
    var generator = CounterGenerator(seed: 5)
    let values = (0..<4 * graph.inputShape.count).map { _ in generator.normal() }

    func gradients(_ frozen: Set<ParameterName>) throws -> [ParameterName: [Float]] {
      let scope = try TrainingScope(
        graph: graph, trainableLayers: whole, frozenParameters: frozen)
      let store = ParameterStore(
        network: network, trainableLayers: whole, frozenParameters: frozen)
      let program = try TrainingProgram(
        graph, scope: scope, batch: 4, store: store, randomness: StepRandomness(seed: 1))
      program.inputs[0].fill(values)
      _ = try program.step(labels: [0, 1, 2, 3], number: 0)
      return try store.trainable.reduce(into: [:]) { $0[$1.name] = try store.gradient(of: $1.name) }
    }
    let (all, biases) = (try gradients([]), try gradients(part.frozen))
    #expect(Set(biases.keys) == Set(all.keys).subtracting(part.frozen))
    for (name, gradient) in biases {
      let expected = try #require(all[name])
      let size = expected.map(abs).max() ?? 0
      #expect(size > 1e-3, "\(name)")
      for (found, expected) in zip(gradient, expected) {
        #expect(abs(found - expected) < 1e-5 * size + 1e-6, "\(name)")
      }
    }
  }
}
