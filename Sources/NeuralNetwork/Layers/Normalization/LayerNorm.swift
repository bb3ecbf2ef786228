package import Tensors

/// Normalization of each pixel over its channels, as Keras' `LayerNormalization` along the last
/// axis.
///
/// Each pixel is normalized by its own mean and population variance, in training and in inference.
/// Ba, Kiros and Hinton 2016.
package struct LayerNorm: Layer, Hashable {
  package let epsilon: Float
  /// Whether the layer has a gamma; otherwise it is 1.
  package let hasScale: Bool
  /// Whether the layer has a beta; otherwise it is 0.
  package let hasCenter: Bool

  package init(epsilon: Float = 1e-3, hasScale: Bool = true, hasCenter: Bool = true) {
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasCenter = hasCenter
  }

  package var kerasClass: String { "LayerNormalization" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let shape = [input.channels]
    let gamma = ParameterSpecification("gamma", shape: shape, startingAt: .ones)
    let beta = ParameterSpecification("beta", shape: shape, startingAt: .zeros)
    return (hasScale ? [gamma] : []) + (hasCenter ? [beta] : [])
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let channels = context.inputShape.channels
    let gamma = hasScale ? try context.vectorParameter("gamma", count: channels) : nil
    let beta = hasCenter ? try context.vectorParameter("beta", count: channels) : nil
    let buffers = try buffers(
      context.builder, context.inputShape, gamma: gamma?.value, beta: beta?.value)
    let (output, input, epsilon) = (try context.makeOutput(), context.input, epsilon)
    context.builder.addForward {
      ChannelKernels.normalize(input, buffers, epsilon: epsilon, to: output)
    }
    return CompiledLayer(output: output) { outputGradient in
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward {
        ChannelKernels.normalizeGradient(
          of: outputGradient, source: input, buffers, to: inputGradient,
          gammaGradient: gamma?.gradient, betaGradient: beta?.gradient)
      }
      return [context.wantsGradient[0] ? inputGradient : nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let buffers = try buffers(
      context.builder, context.inputShape,
      gamma: hasScale ? context.vector(context.values("gamma")) : nil,
      beta: hasCenter ? context.vector(context.values("beta")) : nil)
    let (output, input, epsilon) = (try context.makeOutput(), context.input, epsilon)
    context.builder.addForward {
      ChannelKernels.normalize(input, buffers, epsilon: epsilon, to: output)
    }
    return output
  }

  private func buffers(
    _ builder: ProgramBuilder, _ shape: ImageShape, gamma: TensorBuffer?, beta: TensorBuffer?
  ) throws -> ChannelKernels.NormBuffers {
    let rows = builder.batch * shape.height * shape.width
    return ChannelKernels.NormBuffers(
      gamma: try gamma ?? builder.constants(1, count: shape.channels),
      beta: try beta ?? builder.constants(0, count: shape.channels),
      mean: try builder.vector(rows), inverse: try builder.vector(rows))
  }
}
