import COneDNN

/// The parameters and statistics of one batch normalization, each `[channels]`.
package struct BatchNormBuffers {
  package let gamma, beta, mean, variance: TensorBuffer

  package init(
    gamma: TensorBuffer, beta: TensorBuffer, mean: TensorBuffer, variance: TensorBuffer
  ) {
    self.gamma = gamma
    self.beta = beta
    self.mean = mean
    self.variance = variance
  }
}

/// The source of the mean and variance of a normalization.
package enum NormalizationStatistics: Sendable {
  /// They are computed from the batch (population variance) and written to the buffers.
  case batch
  /// They are read from the buffers and not changed.
  case given
}

/// What a batch normalization does to its output.
package enum NormalizationFollower: Sendable {
  case nothing
  case relu
  /// A ReLU, and maximum pooling of windows of 2×2 pixels with a stride of 2, in which a last odd
  /// row or column is dropped.
  case reluAndPooling

  var c: onednn_follower {
    switch self {
    case .nothing: onednn_follower_none
    case .relu: onednn_follower_relu
    case .reluAndPooling: onednn_follower_relu_pool
    }
  }
}

extension Primitive {
  /// Batch normalization in a training step, and what follows it.
  ///
  /// - Returns: the primitive and, with pooling, the positions of the maxima for the backward pass.
  package static func batchNorm(
    _ source: TensorBuffer, _ buffers: BatchNormBuffers, to destination: TensorBuffer,
    epsilon: Float, statistics: NormalizationStatistics, then follower: NormalizationFollower
  ) throws(ComputeError) -> (Primitive, positions: TensorBuffer?) {
    var positions: OpaquePointer?
    let handle = withUnsafeMutablePointer(to: &positions) {
      onednn_batch_norm_forward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destination.handle, epsilon, statistics == .batch ? 1 : 0,
        follower.c, $0)
    }
    let primitive = try Primitive(handle, "batch normalization forward")
    return (primitive, positions.map { TensorBuffer(adopting: $0) })
  }

  /// Batch normalization with given statistics, and what follows it, without a backward pass.
  package static func batchNormInference(
    _ source: TensorBuffer, _ buffers: BatchNormBuffers, to destination: TensorBuffer,
    epsilon: Float, then follower: NormalizationFollower = .nothing
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_batch_norm_forward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destination.handle, epsilon, 0, follower.c, nil),
      "batch normalization forward")
  }

  package static func batchNormGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, _ buffers: BatchNormBuffers,
    to sourceGradient: TensorBuffer, gammaGradient: TensorBuffer?, betaGradient: TensorBuffer?,
    epsilon: Float, statistics: NormalizationStatistics, followedBy follower: NormalizationFollower,
    positions: TensorBuffer?
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_batch_norm_backward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destinationGradient.handle, sourceGradient.handle,
        gammaGradient?.handle, betaGradient?.handle, epsilon, statistics == .batch ? 1 : 0,
        follower.c, positions?.handle),
      "batch normalization backward")
  }
}
