package import Tensors

/// A convolution without groups, with a low-rank addition to its kernel, which is never trained.
///
/// Parameters: those of the convolution, `lora_down` `[height, width, in, rank]` and `lora_up` `[1,
/// 1, rank, filters]`.
package struct LowRankConv2D: ConvolutionLayer, AdaptedLayer, Hashable {
  package let base: Conv2D
  package let addition: LowRankAddition

  var plain: any Layer { base }
  var additionRoles: Set<String> { [LowRankRole.down, LowRankRole.up] }
  var padding: Padding { base.padding }
  package var kerasClass: String { base.kerasClass }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    base.groups == 1 ? base.outputShape(of: inputs) : nil
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let window = [base.kernelSize.height, base.kernelSize.width, input.channels]
    return base.parameters(for: input)
      + addition.parameters(
        down: window + [addition.rank], up: [1, 1, addition.rank, base.filters],
        rows: window.reduce(1, *))
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    base.multiplyAdds(for: input, output: output)
  }

  package func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    let area = base.kernelSize.height * base.kernelSize.width
    let pixels = output.height * output.width
    return 2 * pixels * addition.rank * (area * input.channels + output.channels)
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    workingBytesOfBoth(batch: batch, input: input, threads: threads)
  }

  func mergedKernel(_ values: (String) -> [Float]) -> [Float] {
    addition.merged(values, columns: base.filters)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    try context.compile(
      addition, window: base.window(over: context.inputShape), hasBias: base.hasBias,
      kernel: base.effectiveKernel(over: context.inputShape))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try base.compile(context)
  }
}
