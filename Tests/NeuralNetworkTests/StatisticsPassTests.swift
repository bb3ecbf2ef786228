import NeuralNetwork
import Records
import Tensors
import Testing

/// The passes over images that estimate the statistics of normalizations, input first.
struct StatisticsPassTests {
  /// Each pass computes what its normalization reads, bit for bit as from the images, from values
  /// that do not depend on it.
  @Test(
    arguments: [SharedStepTests.Sample.medium, .residual, .branching], [Int.max, 600, 0])
  func values(_ sample: SharedStepTests.Sample, limit: Int) throws {
    let batch = 3
    var network = try sample.network()
    let graph = network.graph
    let images = normalNumbers(batch * graph.inputShape.count, seed: 8)
    var kept = [NetworkGraph.input: images]
    let passes = graph.statisticsPasses(of: Set(graph.batchNormLayers), keepingAtMost: limit)
    #expect(passes.map { graph.nodes[$0.normalization].name } == graph.batchNormLayers)
    for pass in passes {
      let program = try InferenceProgram(
        network, batch: batch, from: pass.sources, to: pass.targets)
      for (source, input) in zip(pass.sources, program.inputs) {
        input.fill(try #require(kept[source]))
      }
      try program.run()
      let read = graph.nodes[pass.normalization].inputs[0]
      #expect(pass.targets[0] == read)
      let direct = try infer(network, images, batch: batch, to: [read])
      #expect(bits(program.outputs[0].contents) == bits(direct[0]))
      #expect(program.flops == Double(2 * batch * pass.multiplyAdds))
      for (target, output) in zip(pass.targets, program.outputs) {
        kept[target] = output.contents
      }
      let name = ParameterName(
        layer: graph.nodes[pass.normalization].name, role: "moving_mean")
      network[name].values = network[name].values.map { $0 + 0.25 }
    }
  }

  /// If enough is kept, each convolution runs once for its own normalization and once for those
  /// above; if nothing is, once for every normalization that is not below it.
  @Test func work() throws {
    let graph = try NetworkGraph.medium()
    let convolutions = [
      256 * 9 * 16, 256 * 9 * 16 * 16, 64 * 9 * 16 * 32, 64 * 9 * 32 * 32, 16 * 9 * 32 * 64,
      16 * 9 * 64 * 64,
    ]
    func adds(_ limit: Int) -> Int {
      graph.statisticsPasses(of: Set(graph.batchNormLayers), keepingAtMost: limit)
        .reduce(0) { $0 + $1.multiplyAdds }
    }
    #expect(adds(.max) == 2 * convolutions.reduce(0, +) - convolutions[5])
    #expect(
      adds(0) == convolutions.enumerated().reduce(0) { $0 + $1.element * (6 - $1.offset) })
  }

  /// What is kept is what the convolution after a normalization reads, and nothing after the last.
  @Test func kept() throws {
    let graph = try NetworkGraph.medium()
    let names: (Int) -> String = { $0 == NetworkGraph.input ? "images" : graph.nodes[$0].name }
    let passes = graph.statisticsPasses(
      of: ["block1_bn2", "block2_bn1", "block3_bn2"], keepingAtMost: .max)
    #expect(
      passes.map { $0.sources.map(names) } == [["images"], ["block1_relu1"], ["block1_pool"]])
    #expect(
      passes.map { $0.kept.map(names) } == [["block1_relu1"], ["block1_pool"], []])
    #expect(
      passes.map { $0.targets.map(names) }
        == [["block1_conv2", "block1_relu1"], ["block2_conv1", "block1_pool"], ["block3_conv2"]])
  }
}
