package import Tensors

/// Batch normalization over `[batch, height, width]`, per channel, as Keras' `BatchNormalization`.
///
/// Training normalizes by the batch's mean and population variance and updates the statistics:
/// moving = momentum × moving + (1 - momentum) × batch. A layer that is not in the scope's
/// `batchStatisticsLayers`, such as a frozen one by default, also uses its moving statistics in
/// training, without updating them. Ioffe and Szegedy 2015.
///
/// The default momentum is 0.9, unlike 0.99 in Keras: after the few hundred steps of a small
/// dataset, 0.99 would leave statistics that are mostly the initial values. PyTorch's default
/// corresponds to 0.9, but it updates with the sample variance, and its epsilon is 1e-5.
package struct BatchNorm: Layer, Hashable {
  package private(set) var momentum: Float
  package private(set) var epsilon: Float
  /// Whether the layer has a gamma; otherwise it is 1.
  package let hasScale: Bool
  /// Whether the layer has a beta; otherwise it is 0.
  package let hasCenter: Bool

  package init(
    momentum: Float = 0.9, epsilon: Float = 1e-3, hasScale: Bool = true, hasCenter: Bool = true
  ) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.hasScale = hasScale
    self.hasCenter = hasCenter
  }

  /// The same layer with another momentum of its statistics.
  package func with(momentum: Float) -> BatchNorm {
    var copy = self
    copy.momentum = momentum
    return copy
  }

  /// The same layer with another epsilon, which is added to the variance.
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

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let channels = context.inputShape.channels
    let gamma = hasScale ? try context.vectorParameter("gamma", count: channels) : nil
    let beta = hasCenter ? try context.vectorParameter("beta", count: channels) : nil
    let mean = try context.vectorParameter("moving_mean", count: channels).value
    let variance = try context.vectorParameter("moving_variance", count: channels).value
    let statistics: NormalizationStatistics = context.usesBatchStatistics ? .batch : .given
    let buffers = BatchNormBuffers(
      gamma: try gamma?.value ?? context.builder.constants(1, count: channels),
      beta: try beta?.value ?? context.builder.constants(0, count: channels),
      mean: context.usesBatchStatistics ? try context.builder.vector(channels) : mean,
      variance: context.usesBatchStatistics ? try context.builder.vector(channels) : variance)
    let pools = context.follower == .reluAndPooling
    let output = try pools ? makePooledOutput(context) : context.makeOutput()
    let (forward, positions) = try Primitive.batchNorm(
      context.input, buffers, to: output, epsilon: epsilon, statistics: statistics,
      then: context.follower)
    context.builder.addForward(forward)
    if let positions { context.builder.counted(positions) }
    if context.usesBatchStatistics {
      let momentum = momentum
      context.builder.addForward {
        VectorKernels.movingAverage(mean, update: buffers.mean, keeping: momentum)
        VectorKernels.movingAverage(variance, update: buffers.variance, keeping: momentum)
      }
    }
    return CompiledLayer(output: output, keeping: [context.input]) { outputGradient in
      let inputGradient =
        try pools ? context.makeInputGradient() : context.makeInputGradient(over: outputGradient)
      context.builder.addBackward(
        try Primitive.batchNormGradient(
          of: outputGradient, source: context.input, buffers, to: inputGradient,
          gammaGradient: gamma?.gradient, betaGradient: beta?.gradient, epsilon: epsilon,
          statistics: statistics, followedBy: context.follower, positions: positions))
      return [context.wantsGradient[0] ? inputGradient : nil]
    }
  }

  /// The output after pooling windows of 2×2 pixels.
  private func makePooledOutput(_ context: TrainingContext) throws -> TensorBuffer {
    let shape = context.inputShape
    return try context.builder.activations(
      ImageShape(height: shape.height / 2, width: shape.width / 2, channels: shape.channels))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let channels = context.inputShape.channels
    let output = try context.makeOutput()
    let buffers = BatchNormBuffers(
      gamma: try hasScale
        ? context.vector(context.values("gamma")) : context.builder.constants(1, count: channels),
      beta: try hasCenter
        ? context.vector(context.values("beta")) : context.builder.constants(0, count: channels),
      mean: try context.vector(context.values("moving_mean")),
      variance: try context.vector(context.values("moving_variance")))
    context.builder.addForward(
      try Primitive.batchNormInference(
        context.input, buffers, to: output, epsilon: epsilon,
        then: context.activation != nil ? .relu : .nothing))
    return output
  }
}
