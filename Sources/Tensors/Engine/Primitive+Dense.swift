import COneDNN

extension Primitive {
  /// Every row of the source times the kernel, plus the bias.
  ///
  /// - Parameter rows: the rows of one example (default: 1); in inference, the bits of an example
  ///   do not depend on its position in the batch.
  package static func dense(
    _ source: TensorBuffer, kernel: TensorBuffer, bias: TensorBuffer?,
    to destination: TensorBuffer, rows: Int = 1, phase: Phase,
    then activation: Elementwise? = nil
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_dense_forward(
        source.handle, kernel.handle, bias?.handle, destination.handle, rows, phase.c,
        activation.c),
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
