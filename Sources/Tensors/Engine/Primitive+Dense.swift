import COneDNN

extension Primitive {
  package static func dense(
    _ source: TensorBuffer, kernel: TensorBuffer, bias: TensorBuffer?,
    to destination: TensorBuffer, phase: Phase, then activation: Elementwise? = nil
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_dense_forward(
        source.handle, kernel.handle, bias?.handle, destination.handle, phase.c, activation.c),
      "dense forward")
  }

  /// The gradient of the input.
  ///
  /// - Parameter kernelChanges: whether the kernel's values change between runs; if false, the
  ///   kernel must already have its values.
  package static func denseInputGradient(
    of destinationGradient: TensorBuffer, kernel: TensorBuffer, to sourceGradient: TensorBuffer,
    kernelChanges: Bool
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_dense_backward_data(
        destinationGradient.handle, kernel.handle, sourceGradient.handle, kernelChanges ? 1 : 0),
      "dense backward data")
  }

  package static func denseParameterGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, kernelGradient: TensorBuffer,
    biasGradient: TensorBuffer?
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_dense_backward_weights(
        source.handle, destinationGradient.handle, kernelGradient.handle, biasGradient?.handle),
      "dense backward weights", yieldsParameterGradient: true)
  }
}
