package import Tensors

/// The place in an inference program where one layer compiles itself.
package struct InferenceSite {
  package let builder: ProgramBuilder
  package let node: NetworkGraph.Node
  package let inputs: [TensorBuffer]
  package let inputShapes: [ImageShape]
  package let network: Network
  /// A batch normalization that the layer must fold into its own parameters.
  package let foldedBatchNorm: NetworkGraph.Node?
  /// Zeros around the input that the layer must count as padding; ``inputShapes`` is without them.
  package let zeroPadding: ZeroPadding2D?
  /// A function that the layer must apply to its output.
  package let activation: Elementwise?

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

  /// A kernel whose last axes are the output channels, with its bias, after folding the batch
  /// normalization that follows: y = gamma (conv + bias - mean) / sqrt(variance + epsilon) + beta.
  package func foldedKernel(hasBias: Bool) -> (kernel: [Float], bias: [Float]?) {
    var kernel = values("kernel")
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
