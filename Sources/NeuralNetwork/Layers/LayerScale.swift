package import Tensors

/// gamma × x with a number per channel, as the `LayerScale` of Keras' ConvNeXt.
///
/// Touvron, Cord, Sablayrolles, Synnaeve and Jegou, "Going deeper with Image Transformers", 2021.
package struct LayerScale: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "LayerScale" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    [ParameterSpecification("gamma", shape: [input.channels], startingAt: .ones)]
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let gamma = try site.vectorParameter("gamma", count: site.inputShape.channels)
    let buffers = try buffers(site.builder, gamma: gamma.value, site.inputShape)
    let output = try site.makeOutput()
    let (forward, _) = try Primitive.batchNorm(
      site.input, buffers, to: output, epsilon: 0, statistics: .given, thenReLU: false)
    site.builder.addForward(forward)
    return CompiledLayer(output: output, keeping: [site.input]) { outputGradient in
      let inputGradient = try site.makeInputGradient(over: outputGradient)
      site.builder.addBackward(
        try Primitive.batchNormGradient(
          of: outputGradient, source: site.input, buffers, to: inputGradient,
          gammaGradient: gamma.gradient, betaGradient: nil, epsilon: 0, statistics: .given,
          reluMask: nil))
      return [site.wantsGradient[0] ? inputGradient : nil]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let output = try site.makeOutput()
    let buffers = try buffers(
      site.builder, gamma: site.vector(site.values("gamma")), site.inputShape)
    site.builder.addForward(
      try Primitive.batchNormInference(site.input, buffers, to: output, epsilon: 0))
    return output
  }

  /// A normalization by a mean of 0 and a variance of 1, which only scales.
  private func buffers(
    _ builder: ProgramBuilder, gamma: TensorBuffer, _ shape: ImageShape
  ) throws -> BatchNormBuffers {
    BatchNormBuffers(
      gamma: gamma, beta: try builder.constants(0, count: shape.channels),
      mean: try builder.constants(0, count: shape.channels),
      variance: try builder.constants(1, count: shape.channels))
  }
}
