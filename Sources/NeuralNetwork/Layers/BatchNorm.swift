package import Tensors

/// Batch normalization over `[batch, height, width]`, per channel, as Keras' `BatchNormalization`.
///
/// Training normalizes by the batch's mean and population variance and moves the statistics:
/// moving = momentum × moving + (1 - momentum) × batch. A layer outside the scope's batch-statistics
/// layers, as a frozen one is by default, uses the moving statistics in training too and does not
/// move them. Ioffe and Szegedy 2015.
///
/// Differs from Keras' default momentum of 0.99: with a few hundred steps, as on small datasets,
/// 0.99 would leave statistics that are mostly the starting values. PyTorch's default is this 0.9,
/// but moves by the sample variance, and its epsilon is 1e-5.
package struct BatchNorm: Layer, Hashable {
  package private(set) var momentum: Float
  package private(set) var epsilon: Float
  /// Whether there is a gamma; without it 1 is meant.
  package let hasScale: Bool
  /// Whether there is a beta; without it 0 is meant.
  package let hasCenter: Bool

  package init(
    momentum: Float = 0.9, epsilon: Float = 1e-3, hasScale: Bool = true, hasCenter: Bool = true
  ) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasCenter = hasCenter
  }

  /// The same layer with statistics that move at another pace.
  package func with(momentum: Float) -> BatchNorm {
    var copy = self
    copy.momentum = momentum
    return copy
  }

  /// The same layer with another number added to the variance.
  package func with(epsilon: Float) -> BatchNorm {
    var copy = self
    copy.epsilon = epsilon
    return copy
  }

  package var kerasClass: String { "BatchNormalization" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count == 1 ? inputs[0] : nil
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let shape = [input.channels]
    let gamma = ParameterSpecification("gamma", shape: shape, startingAt: .ones)
    let beta = ParameterSpecification("beta", shape: shape, startingAt: .zeros)
    return (hasScale ? [gamma] : []) + (hasCenter ? [beta] : []) + [
      ParameterSpecification("moving_mean", shape: shape, startingAt: .zeros, kind: .statistic),
      ParameterSpecification("moving_variance", shape: shape, startingAt: .ones, kind: .statistic),
    ]
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let channels = site.inputShape.channels
    let gamma = hasScale ? try site.vectorParameter("gamma", count: channels) : nil
    let beta = hasCenter ? try site.vectorParameter("beta", count: channels) : nil
    let mean = try site.vectorParameter("moving_mean", count: channels).value
    let variance = try site.vectorParameter("moving_variance", count: channels).value
    let statistics: NormalizationStatistics = site.usesBatchStatistics ? .batch : .given
    let buffers = BatchNormBuffers(
      gamma: try gamma?.value ?? site.builder.constants(1, count: channels),
      beta: try beta?.value ?? site.builder.constants(0, count: channels),
      mean: site.usesBatchStatistics ? try site.builder.vector(channels) : mean,
      variance: site.usesBatchStatistics ? try site.builder.vector(channels) : variance)
    let output = try site.makeOutput()
    let (forward, mask) = try Primitive.batchNorm(
      site.input, buffers, to: output, epsilon: epsilon, statistics: statistics,
      thenReLU: site.reluFollows)
    site.builder.addForward(forward)
    if let mask { site.builder.counted(mask) }
    if site.usesBatchStatistics {
      let momentum = momentum
      site.builder.addForward {
        VectorKernels.movingAverage(mean, update: buffers.mean, keeping: momentum)
        VectorKernels.movingAverage(variance, update: buffers.variance, keeping: momentum)
      }
    }
    return CompiledLayer(output: output, keeping: [site.input]) { outputGradient in
      let inputGradient = try site.makeInputGradient(over: outputGradient)
      site.builder.addBackward(
        try Primitive.batchNormGradient(
          of: outputGradient, source: site.input, buffers, to: inputGradient,
          gammaGradient: gamma?.gradient, betaGradient: beta?.gradient, epsilon: epsilon,
          statistics: statistics, reluMask: mask))
      return [site.wantsGradient[0] ? inputGradient : nil]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let channels = site.inputShape.channels
    let output = try site.makeOutput()
    let buffers = BatchNormBuffers(
      gamma: try hasScale
        ? site.vector(site.values("gamma")) : site.builder.constants(1, count: channels),
      beta: try hasCenter
        ? site.vector(site.values("beta")) : site.builder.constants(0, count: channels),
      mean: try site.vector(site.values("moving_mean")),
      variance: try site.vector(site.values("moving_variance")))
    site.builder.addForward(
      try Primitive.batchNormInference(
        site.input, buffers, to: output, epsilon: epsilon,
        thenReLU: site.activation != nil))
    return output
  }
}
