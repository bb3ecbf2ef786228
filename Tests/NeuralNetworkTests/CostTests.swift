import NeuralNetwork
import Records
import Tensors
import Testing

/// What steps and programs cost: operations and bytes, never time.
///
/// The convolutions of the plain network multiply 6·6·4 values by 3·3·2 and 3·3·6 values by 3·3·4,
/// its head 6·3: 2,592, 1,944 and 18 multiplications per example.
struct CostTests {
  private let network: Network
  private let batch = 5

  init() throws { network = Network(graph: try .plain(), seed: 1) }

  /// A forward pass is two operations per multiplication.
  @Test func inferenceFlops() throws {
    let program = try InferenceProgram(network, batch: batch)
    #expect(program.flops == Double(2 * 5 * (2592 + 1944 + 18)))
  }

  /// A group sees its own channels alone, and a depthwise convolution one: 4·4·6 values by 3·3·4 /
  /// 2 and 2·2·12 values by 3·2.
  @Test func groupedConvolutions() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 4, channels: 4))
    try graph.add("groups", Conv2D(filters: 6, kernelSize: 3, groups: 2), .early)
    try graph.add(
      "depthwise",
      DepthwiseConv2D(
        kernelSize: Size2D(height: 3, width: 2), strides: 2, depthMultiplier: 2), .late)
    #expect(graph.nodes.map(\.multiplyAdds) == [96 * 18, 48 * 6])
    #expect(graph.nodes.map { $0.parameters[0].shape } == [[3, 3, 2, 6], [3, 2, 6, 2]])
  }

  /// A trained layer costs its multiplications forward and for its kernel's gradient, and once more
  /// where a gradient has to pass; below the frontier nothing is computed.
  @Test(
    arguments: [
      (["conv1", "conv2", "head"], 2592 * 2 + 1944 * 3 + 18 * 3),
      (["conv1", "head"], 2592 * 2 + 1944 * 2 + 18 * 3),
      (["conv2", "head"], 1944 * 2 + 18 * 3),
      (["head"], 18 * 2),
    ] as [(Set<String>, Int)])
  func stepFlops(trained: Set<String>, multiplications: Int) throws {
    let run = try TrainingRun(network, training: trained, batch: batch)
    #expect(run.program.flops == Double(2 * 5 * multiplications))
  }

  /// Freezing from the input upwards makes each step cheaper, in operations and in memory.
  @Test func freezingSaves() throws {
    let network = Network(graph: try .residual(), seed: 1)
    let layers = network.graph.parameterLayers
    let runs = try [0, 2, 6, layers.count - 1].map {
      try TrainingRun(network, training: Set(layers[$0...]), batch: batch)
    }
    for (less, more) in zip(runs, runs.dropFirst()) {
      #expect(more.program.flops < less.program.flops)
      #expect(more.program.bytes < less.program.bytes)
      #expect(more.store.bytes < less.store.bytes)
    }
  }

  /// Only trained parameters have gradients; a frozen layer above a trained one has its values in
  /// the store and nothing else.
  @Test func gradientBuffers() throws {
    let all = try TrainingRun(network, batch: batch).store
    let some = try TrainingRun(network, training: ["conv1", "head"], batch: batch).store
    #expect(all.trainable.count == 6 && some.trainable.count == 4)
    let values = all.trainable.reduce(0) { $0 + $1.value.bytes }
    let trained = some.trainable.reduce(0) { $0 + $1.value.bytes }
    #expect(all.bytes == 2 * values)
    #expect(some.bytes == values + trained && trained < values)
  }

  /// Parameters below the frontier are not in the store.
  @Test func nothingBelowTheFrontier() throws {
    let store = try TrainingRun(network, training: ["head"], batch: batch).store
    #expect(store.bytes == store.trainable.reduce(0) { $0 + 2 * $1.value.bytes })
    #expect(Set(store.trainable.map(\.name.layer)) == ["head"])
  }

  /// An example more costs what lies in memory at the fullest moment.
  ///
  /// That is when the second convolution has run backward: the input of 72 values, the output of
  /// conv1, which its ReLU overwrites, and the gradient of relu's output (144 each), the gradient
  /// of conv2's output (54) and the logits (3). The rest lies where others lay; gaps and working
  /// memory take a tenth at most.
  @Test func bytesPerExample() throws {
    let bytes = try [16, 32].map { try TrainingRun(network, batch: $0).program.bytes }
    let fullest = 16 * 4 * (72 + 2 * 144 + 54 + 3)
    #expect((fullest...fullest * 11 / 10).contains(bytes[1] - bytes[0]))
  }
}
