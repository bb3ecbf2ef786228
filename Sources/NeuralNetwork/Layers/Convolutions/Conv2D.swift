package import Tensors

/// A two-dimensional convolution, as Keras' `Conv2D`.
///
/// Input `[batch, height, width, in]`, output `[batch, height', width', filters]`, where "same"
/// padding gives ceil(size / stride); kernel `[height, width, in / groups, filters]`, bias
/// `[filters]`. With groups, channels and filters are split into that many parts, and each part of
/// the filters reads its own part of the channels. By default there is no bias, because a batch
/// normalization that follows would cancel it.
package struct Conv2D: ConvolutionLayer, Hashable {
  package let filters: Int
  package let kernelSize: Size2D
  package let strides: Size2D
  package let padding: Padding
  package let dilation: Size2D
  package let groups: Int
  package let hasBias: Bool

  package init(
    filters: Int, kernelSize: Size2D, strides: Size2D = 1, padding: Padding = .same,
    dilation: Size2D = 1, groups: Int = 1, hasBias: Bool = false
  ) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.strides = strides
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.hasBias = hasBias
  }

  /// A square kernel with "same" padding.
  package init(filters: Int, kernelSize: Int, stride: Int = 1, hasBias: Bool = false) {
    self.init(
      filters: filters, kernelSize: Size2D(kernelSize), strides: Size2D(stride), hasBias: hasBias)
  }

  package var kerasClass: String { "Conv2D" }

  func window(over shape: ImageShape) -> Window {
    padding.window(
      Window(
        kernelHeight: kernelSize.height, kernelWidth: kernelSize.width,
        strideHeight: strides.height, strideWidth: strides.width,
        dilationHeight: dilation.height, dilationWidth: dilation.width, groups: groups),
      over: shape)
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, groups > 0, filters % groups == 0,
      inputs[0].channels % groups == 0, kernelSize.isUsable, strides.isUsable,
      dilation.isUsable, padding.isValid
    else { return nil }
    return window(over: inputs[0]).output(over: inputs[0], channels: filters)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let area = kernelSize.height * kernelSize.width
    let inputs = input.channels / groups
    let kernel = ParameterSpecification(
      "kernel", shape: [kernelSize.height, kernelSize.width, inputs, filters],
      startingAt: .glorotUniform(fanIn: area * inputs, fanOut: area * filters))
    return hasBias
      ? [kernel, ParameterSpecification("bias", shape: [filters], startingAt: .zeros)] : [kernel]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    output.count * kernelSize.height * kernelSize.width * (input.channels / groups)
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    Primitive.convolutionWorkingBytes(
      batch: batch, from: input, to: filters, window: window(over: input), threads: threads)
  }

  package func keptKernelBytes(batch: Int, input: ImageShape, passesGradient: Bool) -> Int {
    (passesGradient ? [false, true] : [false]).reduce(0) { bytes, gradient in
      bytes
        + Primitive.keptKernelBytes(
          batch: batch, from: input, to: filters, window: window(over: input), gradient: gradient)
    }
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compileConvolution(window(over: context.inputShape), hasBias: hasBias)
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try context.compileConvolution(window(over: context.inputShape), hasBias: hasBias)
  }
}
