package import Tensors

/// A convolution without groups, with a residual adapter beside it: a convolution of single pixels
/// whose output is added; the convolution itself is never trained.
///
/// Parallel residual adapters: Rebuffi, Bilen and Vedaldi, "Efficient Parametrization of
/// Multi-Domain Deep Neural Networks", CVPR 2018, after "Learning Multiple Visual Domains with
/// Residual Adapters", NeurIPS 2017. The adapter reads the center of each window, so that it is the
/// same as an addition to the center of the kernel. It starts at zero, so that the layer starts as
/// it was.
///
/// Parameters: those of the convolution, and `adapter` `[1, 1, in, filters]`.
package struct ResidualConv2D: ConvolutionLayer, AdaptedLayer, Hashable {
  /// The name of the adapter among the parameters of a layer.
  package static let adapter = "adapter"

  package let base: Conv2D

  var plain: any Layer { base }
  var additionRoles: Set<String> { [ResidualConv2D.adapter] }
  var padding: Padding { base.padding }
  package var kerasClass: String { base.kerasClass }

  /// `nil` for a convolution with groups, or whose windows have no center or no other pixels.
  init?(base: Conv2D) {
    let (height, width) = (base.kernelSize.height, base.kernelSize.width)
    guard base.groups == 1, height % 2 == 1, width % 2 == 1, height * width > 1 else { return nil }
    self.base = base
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    base.outputShape(of: inputs)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    base.parameters(for: input) + [
      ParameterSpecification(
        ResidualConv2D.adapter, shape: [1, 1, input.channels, base.filters], startingAt: .zeros)
    ]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    base.multiplyAdds(for: input, output: output)
  }

  package func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    output.count * input.channels
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    workingBytesOfBoth(batch: batch, input: input, threads: threads)
  }

  func mergedKernel(_ values: (String) -> [Float]) -> [Float] {
    var kernel = values("kernel")
    let adapter = values(ResidualConv2D.adapter)
    let start = center * adapter.count
    for index in adapter.indices { kernel[start + index] += adapter[index] }
    return kernel
  }

  /// The position of the center among the pixels of the window.
  private var center: Int { base.kernelSize.height * base.kernelSize.width / 2 }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compile(
      base.effectiveKernel(over: context.inputShape), hasBias: base.hasBias
    ) { buffers in
      try steps(context, buffers)
    }
  }

  private func steps(
    _ context: TrainingContext, _ buffers: AdaptedBuffers
  ) throws -> AdditionSteps {
    let (builder, shape) = (context.builder, context.inputShape)
    let centers = WindowCenters(
      base.window(over: shape), over: shape, output: context.node.outputShape)
    let sketch = try TensorBuffer.unplacedActivations(batch: builder.batch, shape: centers.shape)
    let adapter = try context.parameter(ResidualConv2D.adapter) {
      try TensorBuffer.convolutionKernel(
        from: sketch, to: buffers.output, window: centers.window,
        count: context.count(of: ResidualConv2D.adapter))
    }
    let start = center * adapter.value.count
    let merging = KernelMerging(of: [adapter.value], buffers, builder) { parts in
      LayerKernels.add(parts[0], to: buffers.frozen, at: start, into: parts[1])
    }
    return AdditionSteps(merge: merging.run) { outputGradient in
      guard let gradient = adapter.gradient else {
        return context.addBiasGradient(of: outputGradient, to: buffers.bias)
      }
      var source = buffers.input
      if centers.shape != shape {
        let cropped = try builder.activations(centers.shape)
        builder.addBackward {
          LayerKernels.crop(
            buffers.input, shape, top: centers.top, left: centers.left, to: cropped, centers.shape)
        }
        source = cropped
      }
      builder.addBackward(
        try Primitive.convolutionParameterGradient(
          of: outputGradient, source: source, kernelGradient: gradient,
          biasGradient: buffers.bias?.gradient, window: centers.window),
        multiplyAdds: context.node.outputShape.count * shape.channels)
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try base.compile(context)
  }
}

/// The centers of the windows of a convolution, as windows of single pixels over a part of its
/// input.
private struct WindowCenters {
  let window: Window
  /// The first row and column of the part.
  let top, left: Int
  /// The shape of the part.
  let shape: ImageShape

  /// - Precondition: the window has a center.
  init(_ window: Window, over input: ImageShape, output: ImageShape) {
    let rows = Side(
      size: input.height, padding: window.padTop,
      reach: window.kernelHeight / 2 * window.dilationHeight, stride: window.strideHeight,
      count: output.height)
    let columns = Side(
      size: input.width, padding: window.padLeft,
      reach: window.kernelWidth / 2 * window.dilationWidth, stride: window.strideWidth,
      count: output.width)
    (top, left) = (rows.start, columns.start)
    shape = ImageShape(height: rows.size, width: columns.size, channels: input.channels)
    self.window = Window(
      kernelHeight: 1, kernelWidth: 1, strideHeight: window.strideHeight,
      strideWidth: window.strideWidth
    ).padded(
      top: rows.before, left: columns.before, bottom: rows.after, right: columns.after)
  }

  /// The rows or the columns.
  private struct Side {
    /// The first pixel of the part and the number of its pixels.
    let start, size: Int
    /// Zeros before and after the part.
    let before, after: Int

    /// - Parameters:
    ///   - reach: the distance from the first pixel of a window to its center.
    ///   - count: the number of windows.
    init(size: Int, padding: Int, reach: Int, stride: Int, count: Int) {
      let shift = padding - reach
      start = max(-shift, 0)
      before = max(shift, 0)
      // From the first center to the last.
      let length = (count - 1) * stride + 1
      let missing = length - (size + shift)
      after = max(missing, 0)
      // Pixels after the last center are left out only if there would be another window.
      self.size = size - start - (-missing >= stride ? -missing : 0)
    }
  }
}
