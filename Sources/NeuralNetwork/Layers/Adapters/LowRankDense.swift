package import Tensors

/// A dense layer with a low-rank addition to its kernel, which is never trained.
///
/// Parameters: those of the dense layer, `lora_down` `[features, rank]` and `lora_up` `[rank,
/// units]`.
package struct LowRankDense: AdaptedLayer, Hashable {
  package let base: Dense
  package let addition: LowRankAddition

  var plain: any Layer { base }
  var additionRoles: Set<String> { [LowRankRole.down, LowRankRole.up] }
  package var kerasClass: String { base.kerasClass }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    base.outputShape(of: inputs)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    base.parameters(for: input)
      + addition.parameters(
        down: [input.channels, addition.rank], up: [addition.rank, base.units],
        rows: input.channels)
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    base.multiplyAdds(for: input, output: output)
  }

  package func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    2 * addition.rank * (input.channels + output.channels) * input.width
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    workingBytesOfBoth(batch: batch, input: input, threads: threads)
  }

  func mergedKernel(_ values: (String) -> [Float]) -> [Float] {
    addition.merged(values, columns: base.units)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (builder, from, to) = (context.builder, context.inputShape, context.node.outputShape)
    return try context.compile(
      addition, window: Window(kernelHeight: 1, kernelWidth: 1), hasBias: base.hasBias,
      kernel: EffectiveKernel(
        layout: { input, output, count in
          try TensorBuffer.denseKernel(
            from: builder.rows(of: input, from), to: builder.rows(of: output, to), count: count)
        },
        forward: { input, kernel, bias, output in
          try Primitive.dense(
            builder.rows(of: input, from), kernel: kernel, bias: bias,
            to: builder.rows(of: output, to), phase: .training)
        },
        inputGradient: { outputGradient, kernel, inputGradient in
          try Primitive.denseInputGradient(
            of: builder.rows(of: outputGradient, to), kernel: kernel,
            to: builder.rows(of: inputGradient, from), kernelChanges: true)
        }))
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try base.compile(context)
  }
}
