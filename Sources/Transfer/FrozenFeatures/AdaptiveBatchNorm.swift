import NeuralNetwork
import TaskData
import Tensors

/// Re-estimates the moving statistics of batch normalizations on other images.
///
/// AdaBN: Li, Wang, Shi, Liu, Hou, "Revisiting Batch Normalization for Practical Domain
/// Adaptation", 2016. Works layer by layer from the input, so that each estimate includes the
/// effect of those below; mean and population variance are exact over all images, in double
/// precision.
enum AdaptiveBatchNorm {
  private static let batch = 32

  static func reestimated(
    _ network: Network, layers: Set<String>, on images: LabeledImages, threads: Threads
  ) throws -> Network {
    var network = network
    for node in network.graph.nodes where layers.contains(node.name) {
      let (mean, variance) = try statistics(
        at: node.inputs[0], of: network, on: images, threads: threads)
      network[ParameterName(layer: node.name, role: "moving_mean")] = Tensor(
        shape: [mean.count], values: mean.map { Float($0) })
      network[ParameterName(layer: node.name, role: "moving_variance")] = Tensor(
        shape: [variance.count], values: variance.map { Float($0) })
    }
    return network
  }

  /// The operations of estimating the statistics of some layers on so many images.
  static func flops(_ graph: NetworkGraph, layers: Set<String>, images count: Int) -> Double {
    let size = min(batch, count)
    let examples = (count + size - 1) / size * size
    var needed: [Set<Int>] = []
    var adds = 0
    for (position, node) in graph.nodes.enumerated() {
      let below = node.inputs.filter { $0 != NetworkGraph.input }
      let before = below.reduce(into: Set<Int>()) { $0.formUnion(needed[$1]) }
      if layers.contains(node.name) {
        adds += before.reduce(0) { $0 + graph.nodes[$1].multiplyAdds }
      }
      needed.append(before.union([position]))
    }
    return 2 * Double(adds) * Double(examples)
  }

  /// Mean and population variance per channel of a node's output.
  private static func statistics(
    at position: Int, of network: Network, on images: LabeledImages, threads: Threads
  ) throws -> (mean: [Double], variance: [Double]) {
    let shape = network.graph.shape(at: position)
    let program = try InferenceProgram(
      network, batch: min(batch, images.count), to: [position], threads: threads)
    var sums = [Double](repeating: 0, count: shape.channels)
    var squares = sums
    try program.run(
      on: Array(0..<images.count), load: { try images.load($0, into: program.inputs[0]) }
    ) { part in
      program.outputs[0].withStorage { values in
        for index in 0..<part.count * shape.count {
          let value = Double(values[index])
          sums[index % shape.channels] += value
          squares[index % shape.channels] += value * value
        }
      }
    }
    let count = Double(images.count * shape.height * shape.width)
    let mean = sums.map { $0 / count }
    return (mean, zip(squares, mean).map { max($0 / count - $1 * $1, 0) })
  }
}
