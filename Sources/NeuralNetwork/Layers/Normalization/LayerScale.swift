package import Tensors

/// gamma × x with one gamma per channel, as the `LayerScale` of Keras' ConvNeXt.
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

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let gamma = try context.vectorParameter("gamma", count: context.inputShape.channels)
    let buffers = try buffers(context.builder, gamma: gamma.value, context.inputShape)
    let output = try context.makeOutput()
    let (forward, _) = try Primitive.batchNorm(
      context.input, buffers, to: output, epsilon: 0, statistics: .given, then: .nothing)
    context.builder.addForward(forward)
    return CompiledLayer(output: output, keeping: [context.input]) { outputGradient in
      let inputGradient = try context.makeInputGradient(over: outputGradient)
      context.builder.addBackward(
        try Primitive.batchNormGradient(
          of: outputGradient, source: context.input, buffers, to: inputGradient,
          gammaGradient: gamma.gradient, betaGradient: nil, epsilon: 0, statistics: .given,
          followedBy: .nothing, positions: nil))
      return [context.wantsGradient[0] ? inputGradient : nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let output = try context.makeOutput()
    let buffers = try buffers(
      context.builder, gamma: context.vector(context.values("gamma")), context.inputShape)
    context.builder.addForward(
      try Primitive.batchNormInference(context.input, buffers, to: output, epsilon: 0))
    return output
  }

  /// Buffers of a normalization with mean 0 and variance 1, which only scales.
  private func buffers(
    _ builder: ProgramBuilder, gamma: TensorBuffer, _ shape: ImageShape
  ) throws -> BatchNormBuffers {
    BatchNormBuffers(
      gamma: gamma, beta: try builder.constants(0, count: shape.channels),
      mean: try builder.constants(0, count: shape.channels),
      variance: try builder.constants(1, count: shape.channels))
  }
}
