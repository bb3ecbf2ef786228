package import Tensors

/// Attention among the places of a sequence by content, distance and segment, as that of XLNet.
///
/// Inputs: queries, keys and values `[batch, 1, length, width]`, and the tokens (see
/// ``TokenEmbedding``), whose types are segments. Padding is left out, except that each place sees
/// itself. Parameters: `r` `[source, width]` for distances, the biases `r_w_bias`, `r_r_bias` and
/// `r_s_bias` `[width]` of queries for content, position and segment, and `seg_embed` `[2, width]`
/// for the same and for another segment. Yang et al. 2019.
package struct RelativeAttention: Layer, Hashable {
  /// The number of heads, among which the width is divided.
  package let heads: Int
  /// The width of the vectors that stand for distances.
  package let source: Int

  package init(heads: Int, source: Int) {
    self.heads = heads
    self.source = source
  }

  package var kerasClass: String { "RelativeAttention" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 4, heads > 0, source > 0, source % 2 == 0,
      inputs[3].channels == TokenEmbedding.fields, Set(inputs.dropLast()).count == 1,
      inputs.allSatisfy({ $0.height == 1 && $0.width == inputs[3].width }),
      inputs[0].channels % heads == 0
    else { return nil }
    return inputs[0]
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    func parameter(_ role: String, _ shape: [Int]) -> ParameterSpecification {
      ParameterSpecification(role, shape: shape, startingAt: .normal(deviation: 0.02))
    }
    let width = input.channels
    return [
      parameter("r", [source, width]), parameter("r_w_bias", [width]),
      parameter("r_r_bias", [width]), parameter("r_s_bias", [width]),
      parameter("seg_embed", [2, width]),
    ]
  }

  /// Content, values, and twice as many distances; the vectors of distances, which all examples
  /// share, are not counted.
  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    4 * output.width * output.width * output.channels
  }

  package func inputGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    2 * multiplyAdds(for: input, output: output)
  }

  /// The gradients of the parameters come with those of the inputs.
  package func parameterGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    0
  }

  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    RelativeAttentionKernels.scratchCount(
      length: input.width, heads: heads, width: input.channels) * MemoryLayout<Float>.stride
  }

  /// The sines and cosines of all distances, and the vectors of these for all heads.
  package func tableBytes(input: ImageShape) -> Int {
    2 * input.width * (source + input.channels) * MemoryLayout<Float>.stride
  }

  private func kernels(
    _ builder: ProgramBuilder, _ output: ImageShape
  ) -> RelativeAttentionKernels {
    RelativeAttentionKernels(
      batch: builder.batch, length: output.width, heads: heads, width: output.channels,
      source: source)
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (builder, shape) = (context.builder, context.node.outputShape)
    let kernels = kernels(builder, shape)
    let memory = builder.workingMemory([kernels.scratchCount])
    let distances = try builder.vector(kernels.distanceCount)
    let entries = try context.node.parameters.map {
      try context.vectorParameter($0.role, count: $0.count)
    }
    let values = parameters(entries.map(\.value))
    let operands = RelativeAttentionKernels.Operands(Array(context.inputs[..<3]))
    let (tokens, output) = (context.inputs[3], try context.makeOutput())
    builder.addForward(multiplyAdds: context.node.multiplyAdds) {
      kernels.run(
        operands, values, tokens: tokens, distances: distances, to: output,
        scratch: memory.parts[0])
    }
    return CompiledLayer(output: output, keeping: context.inputs) { outputGradient in
      let learns = entries.contains { $0.gradient != nil }
      guard learns || context.wantsGradient.contains(true) else { return [nil, nil, nil, nil] }
      let gradients = try (0..<3).map { try context.makeInputGradient($0) }
      let results = RelativeAttentionKernels.Operands(gradients)
      // The kernel computes all gradients; those of frozen parameters are not used.
      let parameterGradients = parameters(
        try entries.map { try $0.gradient ?? builder.vector($0.value.count) })
      let distanceGradient = try builder.vector(kernels.distanceCount)
      let work = inputGradientMultiplyAdds(for: context.inputShape, output: shape)
      builder.addBackward(multiplyAdds: work) {
        kernels.gradient(
          of: outputGradient, operands, values, tokens: tokens, distances: distances,
          distanceGradient: distanceGradient, to: results, parameterGradients,
          scratch: memory.parts[0])
      }
      return zip(gradients, context.wantsGradient).map { $1 ? $0 : nil } + [nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let (builder, shape) = (context.builder, context.node.outputShape)
    let kernels = kernels(builder, shape)
    let memory = builder.workingMemory([kernels.scratchCount])
    let distances = try builder.vector(kernels.distanceCount)
    let values = parameters(
      try context.node.parameters.map { try context.vector(context.values($0.role)) })
    let operands = RelativeAttentionKernels.Operands(Array(context.inputs[..<3]))
    let (tokens, output) = (context.inputs[3], try context.makeOutput())
    builder.addForward(multiplyAdds: context.node.multiplyAdds) {
      kernels.run(
        operands, values, tokens: tokens, distances: distances, to: output,
        scratch: memory.parts[0])
    }
    return output
  }

  /// The buffers of all parameters, given in their order.
  private func parameters(_ buffers: [TensorBuffer]) -> RelativeAttentionKernels.Parameters {
    RelativeAttentionKernels.Parameters(
      content: buffers[1], position: buffers[2], segment: buffers[3], segments: buffers[4],
      distances: buffers[0])
  }
}
