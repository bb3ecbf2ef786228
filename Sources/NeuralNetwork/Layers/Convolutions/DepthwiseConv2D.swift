package import Tensors

/// A separate convolution of each channel, as Keras' `DepthwiseConv2D`.
///
/// Input `[batch, height, width, in]`, output `[batch, height', width', in × multiplier]`: the
/// results of the kernels of one channel are adjacent. Kernel `[height, width, in, multiplier]`,
/// bias `[in × multiplier]`.
package struct DepthwiseConv2D: ConvolutionLayer, Hashable {
  package let kernelSize: Size2D
  package let strides: Size2D
  package let padding: Padding
  package let dilation: Size2D
  package let depthMultiplier: Int
  package let hasBias: Bool

  package init(
    kernelSize: Size2D, strides: Size2D = 1, padding: Padding = .same, dilation: Size2D = 1,
    depthMultiplier: Int = 1, hasBias: Bool = false
  ) {
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilation = dilation
    self.depthMultiplier = depthMultiplier
    self.hasBias = hasBias
  }

  package var kerasClass: String { "DepthwiseConv2D" }

  private func window(over shape: ImageShape) -> Window {
    padding.window(
      Window(
        kernelHeight: kernelSize.height, kernelWidth: kernelSize.width,
        strideHeight: strides.height, strideWidth: strides.width,
        dilationHeight: dilation.height, dilationWidth: dilation.width, groups: shape.channels),
      over: shape)
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, (1...SizeLimit.window).contains(depthMultiplier), kernelSize.isUsable,
      strides.isUsable,
      dilation.isUsable, padding.isValid
    else { return nil }
    return window(over: inputs[0])
      .output(over: inputs[0], channels: inputs[0].channels * depthMultiplier)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let area = kernelSize.height * kernelSize.width
    let kernel = ParameterSpecification(
      "kernel", shape: [kernelSize.height, kernelSize.width, input.channels, depthMultiplier],
      startingAt: .glorotUniform(
        fanIn: area * input.channels, fanOut: area * depthMultiplier))
    let bias = ParameterSpecification(
      "bias", shape: [input.channels * depthMultiplier], startingAt: .zeros)
    return hasBias ? [kernel, bias] : [kernel]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    output.count * kernelSize.height * kernelSize.width
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    Primitive.convolutionWorkingBytes(
      batch: batch, from: input, to: input.channels * depthMultiplier,
      window: window(over: input), threads: threads)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileConvolution(window(over: context.inputShape), hasBias: hasBias)
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileConvolution(window(over: context.inputShape), hasBias: hasBias)
  }
}
