package import Tensors

/// A network, or a stretch of one, compiled to run forward on batches of one size.
///
/// Batch normalizations that follow a convolution and zeros that are put around its input are folded
/// into it, and activations are applied by the layer before them. A layer's output takes the memory
/// of those that nobody reads any more; inputs and outputs of the program keep theirs. A class
/// because it owns buffers and primitives; not for two threads at once.
package final class InferenceProgram {
  package let batch: Int
  /// Where each batch goes in, in the order of `sources`.
  package let inputs: [TensorBuffer]
  package let outputs: [TensorBuffer]
  private let builder: ProgramBuilder

  package var bytes: Int { builder.bytes }
  /// Floating-point operations of one run.
  package var flops: Double { builder.flops }
  /// Number of oneDNN primitives of one run.
  package var primitiveCount: Int { builder.primitiveCount }
  /// How many of them only bring values into another layout.
  package var reorderCount: Int { builder.reorderCount }

  /// Compiles the nodes between `sources` and `targets`.
  ///
  /// - Parameters:
  ///   - batch: number of examples per run.
  ///   - sources: positions whose values are given; by default the network's input.
  ///   - targets: positions whose values are wanted; by default the last layer.
  ///   - memory: whether activations share memory; the outputs are the same bits.
  package init(
    _ network: Network, batch: Int, from sources: [Int] = [NetworkGraph.input],
    to targets: [Int]? = nil, memory: ActivationMemory = .shared
  ) throws {
    let graph = network.graph
    let targets = targets ?? [graph.nodes.count - 1]
    let needed = InferenceProgram.needed(in: graph, from: Set(sources), to: targets)
    let fusion = Fusion(graph: graph, needed: needed, kept: Set(targets))
    let builder = ProgramBuilder(batch: batch, memory: memory)
    var values: [Int: TensorBuffer] = [:]
    for source in sources {
      values[source] = try builder.lastingActivations(graph.shape(at: source))
    }
    inputs = sources.compactMap { values[$0] }
    var lastUses: [ObjectIdentifier: Int] = [:]

    for position in graph.nodes.indices where needed.contains(position) {
      let node = graph.nodes[position]
      let sites = node.inputs.compactMap { values[$0] }
      for site in sites { lastUses[ObjectIdentifier(site.root)] = position }
      if fusion.absorbed.contains(position) {
        values[position] = sites[0]
        continue
      }
      builder.time = position
      values[position] = try node.layer.compile(
        InferenceSite(
          builder: builder, node: node, inputs: sites,
          inputShapes: node.inputs.map { fusion.shape(of: $0, in: graph) }, network: network,
          foldedBatchNorm: fusion.batchNorm[position].map { graph.nodes[$0] },
          zeroPadding: fusion.zeroPadding[position],
          activation: fusion.activation[position]))
    }
    outputs = targets.compactMap { values[$0] }
    for output in outputs { lastUses[ObjectIdentifier(output.root)] = .max }
    try builder.finish(lastUses: lastUses)
    self.builder = builder
    self.batch = batch
  }

  package func run() throws {
    for step in builder.forward { try step() }
  }

  /// The nodes that lie between what is given and what is wanted.
  private static func needed(
    in graph: NetworkGraph, from sources: Set<Int>, to targets: [Int]
  ) -> Set<Int> {
    var needed: Set<Int> = []
    var open = targets.filter { !sources.contains($0) }
    while let position = open.popLast() {
      guard position != NetworkGraph.input, needed.insert(position).inserted else { continue }
      open += graph.nodes[position].inputs.filter { !sources.contains($0) }
    }
    return needed
  }
}
