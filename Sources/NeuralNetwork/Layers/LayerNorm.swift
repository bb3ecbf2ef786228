package import Tensors

/// Normalization of each pixel over its channels, as Keras' `LayerNormalization` along the last axis.
///
/// By the mean and population variance of the pixel itself, in training and inference alike. Ba,
/// Kiros and Hinton 2016.
package struct LayerNorm: Layer, Hashable {
  package let epsilon: Float
  /// Whether there is a gamma; without it 1 is meant.
  package let hasScale: Bool
  /// Whether there is a beta; without it 0 is meant.
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

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let channels = site.inputShape.channels
    let gamma = hasScale ? try site.vectorParameter("gamma", count: channels) : nil
    let beta = hasCenter ? try site.vectorParameter("beta", count: channels) : nil
    let buffers = try buffers(
      site.builder, site.inputShape, gamma: gamma?.value, beta: beta?.value)
    let (output, input, epsilon) = (try site.makeOutput(), site.input, epsilon)
    site.builder.addForward {
      ChannelKernels.normalize(input, buffers, epsilon: epsilon, to: output)
    }
    return CompiledLayer(output: output) { outputGradient in
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward {
        ChannelKernels.normalizeGradient(
          of: outputGradient, source: input, buffers, to: inputGradient,
          gammaGradient: gamma?.gradient, betaGradient: beta?.gradient)
      }
      return [site.wantsGradient[0] ? inputGradient : nil]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let buffers = try buffers(
      site.builder, site.inputShape,
      gamma: hasScale ? site.vector(site.values("gamma")) : nil,
      beta: hasCenter ? site.vector(site.values("beta")) : nil)
    let (output, input, epsilon) = (try site.makeOutput(), site.input, epsilon)
    site.builder.addForward {
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
