import HDF5
import NeuralNetwork
import Records
import Tensors
import Testing

/// A group of the file run through the engine for one step.
struct ReferenceRun {
  let group: HDF5Group
  let training: TrainingRun
  let network: Network
  private let recorder = GradientRecorder()

  /// Parameters are the datasets `<layer>_<role>`, or `<role>` for a layer called `layer`.
  ///
  /// - Parameter movesStatistics: whether trained normalizations use the statistics of the batch.
  init(
    _ name: String, in file: String = "layers.h5", frozen: Set<String> = [],
    movesStatistics: Bool = true,
    build: (inout NetworkGraph) throws -> Void
  ) throws {
    group = try Fixture.open(file).group(name)
    let shape = try group.dataset("x").shape
    var graph = NetworkGraph(
      inputShape: ImageShape(height: shape[1], width: shape[2], channels: shape[3]))
    try graph.add("probe", Probe(recorder: recorder), .early)
    try build(&graph)
    try graph.add("upstream", Upstream(slopes: group.floats("gradient_output")), .head)
    var network = Network(graph: graph, seed: 1)
    for name in graph.parameters.map(\.name) where name.layer != "probe" {
      let dataset = ReferenceRun.dataset(name)
      if try group.contains(dataset) { network[name] = try group.tensor(dataset) }
    }
    self.network = network
    training = try TrainingRun(
      network, training: Set(graph.parameterLayers).subtracting(frozen), batch: shape[0],
      movesStatistics: movesStatistics)
    try training.step(group.floats("x"))
  }

  static func dataset(_ name: ParameterName) -> String {
    name.layer == "layer" ? name.role : "\(name.layer)_\(name.role)"
  }

  /// Compares output, input gradient and the gradients of the named parameters.
  func check(_ parameters: [String], to tolerance: Double) throws {
    let output = training.program.lastLogits
    #expect(relativeDistance(output, try group.floats("output")) < tolerance, "output")
    let inputGradient = try #require(recorder.gradient)
    #expect(relativeDistance(inputGradient, try group.floats("gradient_x")) < tolerance, "x")
    let trained = training.store.trainable.map(\.name).filter { $0.layer != "probe" }
    for parameter in parameters {
      let name = try #require(trained.first { ReferenceRun.dataset($0) == parameter })
      let found = try #require(try training.store.gradient(of: name))
      let expected = try group.floats("gradient_\(parameter)")
      #expect(relativeDistance(found, expected) < tolerance, "\(parameter)")
    }
  }
}
