import CKernels

/// Normalization and softmax of each pixel over its channels.
package enum ChannelKernels {
  /// The parameters of a layer normalization, `[channels]`, and the values that its forward pass
  /// keeps for the backward pass, `[rows]`.
  package struct NormBuffers {
    package let gamma, beta, mean, inverse: TensorBuffer

    package init(
      gamma: TensorBuffer, beta: TensorBuffer, mean: TensorBuffer, inverse: TensorBuffer
    ) {
      self.gamma = gamma
      self.beta = beta
      self.mean = mean
      self.inverse = inverse
    }
  }

  package static func normalize(
    _ source: TensorBuffer, _ buffers: NormBuffers, epsilon: Float, to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start, let gamma = buffers.gamma.start,
      let beta = buffers.beta.start, let mean = buffers.mean.start,
      let inverse = buffers.inverse.start
    else { return }
    let channels = buffers.gamma.count
    layer_norm(d, s, source.count / channels, channels, epsilon, gamma, beta, mean, inverse)
  }

  package static func normalizeGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, _ buffers: NormBuffers,
    to sourceGradient: TensorBuffer, gammaGradient: TensorBuffer?, betaGradient: TensorBuffer?
  ) {
    guard let d = sourceGradient.start, let g = destinationGradient.start, let s = source.start,
      let gamma = buffers.gamma.start, let mean = buffers.mean.start,
      let inverse = buffers.inverse.start
    else { return }
    let channels = buffers.gamma.count
    layer_norm_gradient(
      d, gammaGradient?.start, betaGradient?.start, g, s, source.count / channels, channels, gamma,
      mean, inverse)
  }

  package static func softmax(
    _ source: TensorBuffer, channels: Int, to destination: TensorBuffer
  ) {
    guard let d = destination.start, let s = source.start else { return }
    layer_softmax(d, s, source.count / channels, channels)
  }

  package static func softmaxGradient(
    of destinationGradient: TensorBuffer, softmax: TensorBuffer, channels: Int,
    to sourceGradient: TensorBuffer
  ) {
    guard let d = sourceGradient.start, let g = destinationGradient.start, let y = softmax.start
    else { return }
    layer_softmax_gradient(d, g, y, softmax.count / channels, channels)
  }
}
