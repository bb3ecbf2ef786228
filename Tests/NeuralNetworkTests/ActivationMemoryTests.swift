import NeuralNetwork
import Records
import Tensors
import Testing

/// How the activations of forward programs share memory.
struct ActivationMemoryTests {
  private static func network(_ name: String) throws -> Network {
    let graph: NetworkGraph =
      switch name {
      case "medium": try .medium()
      case "residual": try .residual()
      default: try .branching()
      }
    return Network(graph: graph, seed: 5).withTypicalParameters(seed: 6)
  }

  /// Shared memory changes no bit of the outputs, run after run, and takes less.
  @Test(arguments: ["medium", "residual", "branching"])
  func sameBits(name: String) throws {
    let network = try Self.network(name)
    let last = network.graph.nodes.count - 1
    for targets in [[last], [last / 2, last], [0, last - 1]] {
      let shared = try InferenceProgram(network, batch: 3, to: targets)
      let own = try InferenceProgram(network, batch: 3, to: targets, memory: .own)
      #expect(shared.bytes < own.bytes && shared.flops == own.flops)
      for seed in 1...2 {
        let values = normalNumbers(3 * network.graph.inputShape.count, seed: UInt64(seed))
        for program in [shared, own] {
          program.inputs[0].fill(values)
          try program.run()
        }
        #expect(shared.outputs.map { bits($0.contents) } == own.outputs.map { bits($0.contents) })
      }
    }
  }

  /// A second run on the inputs of the first gives the same: inputs keep their memory.
  @Test func inputsStay() throws {
    let network = try Self.network("branching")
    let program = try InferenceProgram(network, batch: 2)
    program.inputs[0].fill(normalNumbers(2 * 126, seed: 1))
    try program.run()
    let first = program.outputs[0].contents
    try program.run()
    #expect(bits(program.outputs[0].contents) == bits(first))
  }

  /// The bytes of a known graph: the input, and a stretch in which pool lies where padding lay and
  /// mean where upsampling lay.
  ///
  /// Two examples: input 256 bytes; padding 576, upsampling 2,304, pool 576, mean 16.
  @Test func bytesOfAKnownGraph() throws {
    var graph = NetworkGraph(inputShape: ImageShape(height: 4, width: 4, channels: 2))
    try graph.add("padding", ZeroPadding2D(top: 1, left: 1, bottom: 1, right: 1), .early)
    try graph.add("upsampling", UpSampling2D(size: 2), .early)
    try graph.add("pool", MaxPool2D(), .early)
    try graph.add("mean", GlobalAveragePool2D(), .early)
    let network = Network(graph: graph, seed: 1)
    #expect(try InferenceProgram(network, batch: 2).bytes == 256 + 2304 + 576)
    let own = try InferenceProgram(network, batch: 2, memory: .own)
    #expect(own.bytes == 256 + 576 + 2304 + 576 + 16)
  }
}
