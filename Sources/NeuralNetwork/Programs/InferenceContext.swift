package import Tensors

/// The context in which a layer compiles itself into an inference program.
package struct InferenceContext {
  package let builder: ProgramBuilder
  package let node: NetworkGraph.Node
  package let inputs: [TensorBuffer]
  package let inputShapes: [ImageShape]
  package let network: Network
  /// The batch normalization that the layer must fold into its own parameters, if any.
  package let foldedBatchNorm: NetworkGraph.Node?
  /// The zero padding that the layer must apply itself, if any; ``inputShapes`` does not include
  /// it.
  package let zeroPadding: ZeroPadding2D?
  /// The activation that the layer must apply to its output, if any.
  package let activation: Elementwise?
  /// The pooling of windows of 2×2 pixels that the layer must apply after its activation, a ReLU,
  /// if any.
  package let pooling: MaxPool2D?

  package var input: TensorBuffer { inputs[0] }
  package var inputShape: ImageShape { inputShapes[0] }

  package func makeOutput() throws -> TensorBuffer { try builder.activations(node.outputShape) }

  package func values(_ role: String) -> [Float] {
    network[ParameterName(layer: node.name, role: role)].values
  }

  package func vector(_ values: [Float]) throws -> TensorBuffer {
    let buffer = try builder.vector(values.count)
    try buffer.pack(values)
    return buffer
  }

  /// The kernel, whose last axes are the output channels, and the bias after folding in the batch
  /// normalization that follows: y = gamma (conv + bias - mean) / sqrt(variance + epsilon) + beta.
  ///
  /// The kernel has its trained addition if there is one.
  package func foldedKernel(hasBias: Bool) -> (kernel: [Float], bias: [Float]?) {
    var kernel = (node.layer as? any AdaptedLayer)?.mergedKernel(values) ?? values("kernel")
    let bias = hasBias ? values("bias") : nil
    guard let norm = foldedBatchNorm, let layer = norm.layer as? BatchNorm else {
      return (kernel, bias)
    }
    func statistic(_ role: String) -> [Float] {
      network[ParameterName(layer: norm.name, role: role)].values
    }
    let (mean, variance) = (statistic("moving_mean"), statistic("moving_variance"))
    let gamma = layer.hasScale ? statistic("gamma") : mean.map { _ in 1 }
    let beta = layer.hasCenter ? statistic("beta") : mean.map { _ in 0 }
    let scale = zip(gamma, variance).map { $0 / ($1 + layer.epsilon).squareRoot() }
    for i in kernel.indices { kernel[i] *= scale[i % scale.count] }
    let shift = scale.indices.map { beta[$0] + ((bias?[$0] ?? 0) - mean[$0]) * scale[$0] }
    return (kernel, shift)
  }
}
