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

extension Primitive {
  /// Batch normalization in a training step.
  ///
  /// - Returns: the primitive and, if `thenReLU` is true, the mask of the ReLU for the backward
  ///   pass.
  package static func batchNorm(
    _ source: TensorBuffer, _ buffers: BatchNormBuffers, to destination: TensorBuffer,
    epsilon: Float, statistics: NormalizationStatistics, thenReLU: Bool
  ) throws(ComputeError) -> (Primitive, reluMask: TensorBuffer?) {
    var mask: OpaquePointer?
    let handle = withUnsafeMutablePointer(to: &mask) {
      onednn_batch_norm_forward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destination.handle, epsilon, 1, statistics == .batch ? 1 : 0,
        thenReLU ? $0 : nil)
    }
    let primitive = try Primitive(handle, "batch normalization forward")
    return (primitive, mask.map { TensorBuffer(adopting: $0) })
  }

  /// Batch normalization with given statistics, without a backward pass.
  package static func batchNormInference(
    _ source: TensorBuffer, _ buffers: BatchNormBuffers, to destination: TensorBuffer,
    epsilon: Float, thenReLU: Bool = false
  ) throws(ComputeError) -> Primitive {
    // Inference creates no mask: the pointer only requests the ReLU.
    var mask: OpaquePointer?
    let handle = withUnsafeMutablePointer(to: &mask) {
      onednn_batch_norm_forward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destination.handle, epsilon, 0, 0, thenReLU ? $0 : nil)
    }
    return try Primitive(handle, "batch normalization forward")
  }

  package static func batchNormGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, _ buffers: BatchNormBuffers,
    to sourceGradient: TensorBuffer, gammaGradient: TensorBuffer?, betaGradient: TensorBuffer?,
    epsilon: Float, statistics: NormalizationStatistics, reluMask: TensorBuffer?
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_batch_norm_backward(
        source.handle, buffers.gamma.handle, buffers.beta.handle, buffers.mean.handle,
        buffers.variance.handle, destinationGradient.handle, sourceGradient.handle,
        gammaGradient?.handle, betaGradient?.handle, epsilon, statistics == .batch ? 1 : 0,
        reluMask?.handle),
      "batch normalization backward")
  }
}
