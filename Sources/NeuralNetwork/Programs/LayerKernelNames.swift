import Tensors

/// The kernels that a layer runs in a training step in which all layers are trained.
package struct LayerKernelNames: Sendable, Hashable {
  package let layer: String
  /// The normalization before the layer that does the layer's work; `nil` if the layer does it.
  package let absorbedBy: String?
  /// The kernels of the forward pass, of the gradient of the input, and of the gradient of the
  /// parameters; names as in ``Primitive/kernels``.
  ///
  /// Work that is neither done by oneDNN nor chosen by the instruction set, such as a softmax, is
  /// not listed.
  package let forward, data, weights: [String]
}

extension NetworkGraph {
  /// The kernels of every layer, input first.
  ///
  /// Each layer is compiled alone, so that no memory for activations is needed.
  ///
  /// - Parameter batch: examples per step.
  package func kernelNames(batch: Int) throws -> [LayerKernelNames] {
    let fusion = TrainingFusion(self, suffix: Array(nodes.indices))
    let network = Network(graph: self, seed: 0)
    return try nodes.indices.map { position in
      guard !fusion.absorbed.contains(position) else {
        let before = nodes[nodes[position].inputs[0]].name
        return LayerKernelNames(
          layer: nodes[position].name, absorbedBy: before, forward: [], data: [], weights: [])
      }
      let builder = ProgramBuilder(batch: batch, memory: .shared)
      try compile(position, fusion.followers[position] ?? .nothing, network, with: builder)
      func names(_ primitives: [Primitive]) throws -> [String] {
        try primitives.flatMap { try $0.kernels }
      }
      let backward = builder.backwardPrimitives
      return LayerKernelNames(
        layer: nodes[position].name, absorbedBy: nil, forward: try names(builder.forwardPrimitives),
        data: try names(backward.filter { !$0.yieldsParameterGradient }),
        weights: try names(backward.filter(\.yieldsParameterGradient)))
    }
  }

  /// Compiles a layer for training without memory for its activations.
  private func compile(
    _ position: Int, _ follower: NormalizationFollower, _ network: Network,
    with builder: ProgramBuilder
  ) throws {
    let node = nodes[position]
    let layer = try node.layer.compile(
      TrainingContext(
        builder: builder, node: node,
        inputs: try node.inputs.map { try builder.activations(shape(at: $0)) },
        inputShapes: node.inputs.map(shape(at:)), usesBatchStatistics: true,
        wantsGradient: node.inputs.map { $0 != NetworkGraph.input }, mayOverwriteInput: false,
        follower: follower,
        store: ParameterStore(network: network, trainableLayers: Set(parameterLayers)),
        randomness: StepRandomness(seed: 0)))
    var output = node.outputShape
    if follower == .reluAndPooling {
      output = ImageShape(
        height: output.height / 2, width: output.width / 2, channels: output.channels)
    }
    _ = try layer.backward(try builder.activations(output))
  }
}
