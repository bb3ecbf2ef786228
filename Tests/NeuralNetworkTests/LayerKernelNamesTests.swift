import NeuralNetwork
import Records
import Tensors
import Testing

/// Which kernels are said to compute a network's layers.
struct LayerKernelNamesTests {
  private func kernels(_ name: String, _ all: [LayerKernelNames]) throws -> LayerKernelNames {
    try #require(all.first { $0.layer == name })
  }

  /// The convolutions of a small network run tlbench's own kernels; the first one has no gradient
  /// of its input; its head is oneDNN's; normalizations do the work of ReLUs and pools.
  @Test func medium() throws {
    let all = try NetworkGraph.medium().kernelNames(batch: 32)
    let set = kernelInstructionSet
    let first = try kernels("block1_conv1", all)
    #expect(first.forward == ["direct:\(set)"] && first.data == [])
    #expect(first.weights == ["direct:\(set)"])
    let second = try kernels("block2_conv2", all)
    #expect(second.forward == ["winograd:\(set)"])
    #expect(second.data == second.forward && second.weights == second.forward)
    let norm = try kernels("block1_bn2", all)
    #expect(norm.forward == ["batch_norm:\(set)"] && norm.data == norm.forward)
    for absorbed in ["block1_relu2", "block1_pool"] {
      #expect(try kernels(absorbed, all).absorbedBy != nil)
    }
    let head = try kernels("head", all)
    #expect(head.forward.count == 1 && head.forward[0].hasPrefix("oneDNN "))
    #expect(head.weights.contains { $0.hasPrefix("oneDNN ") })
  }

  /// Every layer is listed once, in the order of the network, whatever its kind.
  @Test(arguments: LayerCase.all)
  func everyLayer(_ layerCase: LayerCase) throws {
    var graph = NetworkGraph(inputShape: layerCase.input)
    let entrance = try graph.add("entrance", ReLU(), .early)
    try layerCase.build(&graph, entrance)
    #expect(try graph.kernelNames(batch: 2).map(\.layer) == graph.nodes.map(\.name))
  }
}
