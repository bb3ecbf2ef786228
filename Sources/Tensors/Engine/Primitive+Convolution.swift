import COneDNN

extension Primitive {
  /// A convolution, and what follows it.
  ///
  /// - Parameters:
  ///   - kernelChanges: whether the kernel's values change between runs of a training step, as they
  ///     never do in inference. If not, the kernel must already have its values: the primitive may
  ///     keep a copy in another form (``uses(_:)``).
  ///   - pools: whether the destination receives the maxima of windows of 2×2 pixels with a stride
  ///     of 2, in inference after a ReLU; see ``canPool(_:to:window:)``.
  package static func convolution(
    _ source: TensorBuffer, kernel: TensorBuffer, bias: TensorBuffer?,
    to destination: TensorBuffer, window: Window, phase: Phase, kernelChanges: Bool = true,
    then activation: Elementwise? = nil, pools: Bool = false
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_convolution_forward(
        source.handle, kernel.handle, bias?.handle, destination.handle, window.c, phase.c,
        phase == .training && kernelChanges ? 1 : 0, activation.c, pools ? 1 : 0),
      "convolution forward")
  }

  /// Whether a convolution can be followed by a ReLU and pooling in one primitive.
  package static func canPool(_ input: ImageShape, to channels: Int, window: Window) -> Bool {
    onednn_convolution_can_pool(
      Int64(input.height), Int64(input.width), Int64(input.channels), Int64(channels), window.c)
      != 0
  }

  /// The gradient of the input.
  ///
  /// - Parameter kernelChanges: whether the kernel's values change between runs; if false, the
  ///   kernel must already have its values.
  package static func convolutionInputGradient(
    of destinationGradient: TensorBuffer, kernel: TensorBuffer, to sourceGradient: TensorBuffer,
    window: Window, kernelChanges: Bool
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_convolution_backward_data(
        destinationGradient.handle, kernel.handle, sourceGradient.handle, window.c,
        kernelChanges ? 1 : 0),
      "convolution backward data")
  }

  package static func convolutionParameterGradient(
    of destinationGradient: TensorBuffer, source: TensorBuffer, kernelGradient: TensorBuffer,
    biasGradient: TensorBuffer?, window: Window
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_convolution_backward_weights(
        source.handle, destinationGradient.handle, kernelGradient.handle, biasGradient?.handle,
        window.c),
      "convolution backward weights", yieldsParameterGradient: true)
  }

  /// The bytes of working memory that a convolution needs in a training step, as far as they are
  /// known beforehand: of a convolution that oneDNN does, those of the sums of a divided weight
  /// gradient.
  ///
  /// - Parameter threads: the number of threads that may share a step.
  package static func convolutionWorkingBytes(
    batch: Int, from input: ImageShape, to channels: Int, window: Window, threads: Int
  ) -> Int {
    onednn_convolution_working_bytes(
      Int64(batch), Int64(input.height), Int64(input.width), Int64(input.channels),
      Int64(channels), window.c, threads)
  }

  /// The bytes of the copy of a kernel that does not change, which a convolution or the gradient of
  /// its input keeps; 0 for a convolution that oneDNN does.
  package static func keptKernelBytes(
    batch: Int, from input: ImageShape, to channels: Int, window: Window, gradient: Bool
  ) -> Int {
    onednn_convolution_kept_bytes(
      Int64(batch), Int64(input.height), Int64(input.width), Int64(input.channels),
      Int64(channels), window.c, gradient ? 1 : 0)
  }
}
