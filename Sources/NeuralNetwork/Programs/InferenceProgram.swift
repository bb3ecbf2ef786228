package import Tensors

/// A network, or a part of one, compiled to run forward on batches of one size.
///
/// A batch normalization after a convolution and a zero padding before it are folded into the
/// convolution, and activations are applied by the layer before them, as is a pooling of windows of
/// 2×2 pixels after a convolution and a ReLU. The output of a layer reuses
/// the memory of outputs that are no longer needed; inputs and outputs of the program keep their
/// own memory. A class because it owns buffers and primitives; not for use by two threads at the
/// same time.
package final class InferenceProgram {
  package let batch: Int
  /// The buffers for the input of a batch, in the order of `sources`.
  package let inputs: [TensorBuffer]
  package let outputs: [TensorBuffer]
  private let builder: ProgramBuilder
  private let program: StagedProgram

  package var bytes: Int { builder.bytes }
  /// Floating-point operations of one run.
  package var flops: Double { builder.flops }
  /// Number of oneDNN primitives of one run.
  package var primitiveCount: Int { builder.primitiveCount }
  /// Number of oneDNN primitives of one run that only change the layout of values.
  package var reorderCount: Int { builder.reorderCount }

  /// Compiles the nodes between `sources` and `targets`.
  ///
  /// - Parameters:
  ///   - batch: number of examples per run.
  ///   - sources: positions of the nodes whose values are given (default: the network's input).
  ///   - targets: positions of the nodes whose values are computed (default: the last layer).
  ///   - memory: whether activations share memory; the outputs are bit-identical either way.
  ///   - threads: the threads that share each run, which do not change the outputs either.
  package init(
    _ network: Network, batch: Int, from sources: [Int] = [NetworkGraph.input],
    to targets: [Int]? = nil, memory: ActivationMemory = .shared, threads: Threads = .one
  ) throws {
    let graph = network.graph
    let targets = targets ?? [graph.nodes.count - 1]
    let needed = graph.nodes(from: Set(sources), to: targets)
    let fusion = Fusion(graph: graph, needed: needed, kept: Set(targets))
    let builder = ProgramBuilder(batch: batch, memory: memory, threads: threads)
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
        InferenceContext(
          builder: builder, node: node, inputs: sites,
          inputShapes: node.inputs.map { fusion.shape(of: $0, in: graph) }, network: network,
          foldedBatchNorm: fusion.batchNorm[position].map { graph.nodes[$0] },
          zeroPadding: fusion.zeroPadding[position],
          activation: fusion.activation[position], pooling: fusion.pooling[position]))
    }
    outputs = targets.compactMap { values[$0] }
    for output in outputs { lastUses[ObjectIdentifier(output.root)] = .max }
    try builder.finish(lastUses: lastUses)
    self.builder = builder
    program = builder.program(builder.forward)
    self.batch = batch
  }

  package func run() throws { try program.run() }
}
