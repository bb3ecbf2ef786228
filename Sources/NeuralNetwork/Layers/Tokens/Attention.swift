package import Tensors

/// Attention with several heads among the places of a sequence: every place becomes a mean of the
/// values of all places, weighted by how well its query fits their keys.
///
/// Inputs: queries, keys and values `[batch, 1, length, width]`, or one input that has all three
/// after one another, and the tokens (see ``TokenEmbedding``), of which padding is left out. Places
/// after the last token become zero. Vaswani et al. 2017.
package struct Attention: Layer, Hashable {
  /// The number of heads, among which the width is divided.
  package let heads: Int
  /// Whether a place attends only to places that are not after it.
  package let isCausal: Bool

  package init(heads: Int, isCausal: Bool = false) {
    self.heads = heads
    self.isCausal = isCausal
  }

  package var kerasClass: String { "MultiHeadAttention" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard [2, 4].contains(inputs.count), heads > 0, let tokens = inputs.last,
      tokens.channels == TokenEmbedding.fields,
      inputs.allSatisfy({ $0.height == 1 && $0.width == tokens.width }),
      Set(inputs.dropLast()).count == 1
    else { return nil }
    let parts = inputs.count == 2 ? 3 : 1
    guard inputs[0].channels % (parts * heads) == 0 else { return nil }
    return ImageShape(height: 1, width: tokens.width, channels: inputs[0].channels / parts)
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    2 * output.width * output.width * output.channels
  }

  /// The gradients of both products, of which each has two.
  package func inputGradientMultiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    2 * multiplyAdds(for: input, output: output)
  }

  /// The scores of one head and their gradients; of one input with all three, whose heads are
  /// narrower, a little more than that.
  package func workingBytes(batch: Int, input: ImageShape, threads: Int) -> Int {
    kernels(batch: batch, length: input.width, width: input.channels).scratchCount
      * MemoryLayout<Float>.stride
  }

  private func kernels(batch: Int, length: Int, width: Int) -> AttentionKernels {
    AttentionKernels(batch: batch, length: length, heads: heads, width: width, isCausal: isCausal)
  }

  private func operands(_ buffers: [TensorBuffer], width: Int) -> AttentionKernels.Operands {
    buffers.count == 3
      ? AttentionKernels.Operands(
        query: buffers[0], key: buffers[1], value: buffers[2], width: width)
      : AttentionKernels.Operands(packed: buffers[0], width: width)
  }

  /// What the steps of both directions read.
  private struct Pass {
    let kernels: AttentionKernels
    let operands: AttentionKernels.Operands
    let tokens: TensorBuffer
    let memory: WorkingMemory
  }

  private func addForward(
    _ builder: ProgramBuilder, _ node: NetworkGraph.Node, _ inputs: [TensorBuffer],
    to output: TensorBuffer
  ) -> Pass {
    let shape = node.outputShape
    let kernels = kernels(batch: builder.batch, length: shape.width, width: shape.channels)
    let pass = Pass(
      kernels: kernels, operands: operands(Array(inputs.dropLast()), width: shape.channels),
      tokens: inputs[inputs.count - 1], memory: builder.workingMemory([kernels.scratchCount]))
    builder.addForward(multiplyAdds: node.multiplyAdds) {
      pass.kernels.run(
        pass.operands, tokens: pass.tokens, to: output, scratch: pass.memory.parts[0])
    }
    return pass
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (shape, output) = (context.node.outputShape, try context.makeOutput())
    let pass = addForward(context.builder, context.node, context.inputs, to: output)
    return CompiledLayer(output: output, keeping: context.inputs) { outputGradient in
      let wanted = context.wantsGradient
      guard wanted.contains(true) else { return wanted.map { _ in nil } }
      let gradients = try context.inputs.indices.dropLast().map {
        try context.makeInputGradient($0)
      }
      let results = operands(gradients, width: shape.channels)
      let work = inputGradientMultiplyAdds(for: context.inputShape, output: shape)
      context.builder.addBackward(multiplyAdds: work) {
        pass.kernels.gradient(
          of: outputGradient, pass.operands, tokens: pass.tokens, to: results,
          scratch: pass.memory.parts[0])
      }
      return zip(gradients, wanted).map { $1 ? $0 : nil } + [nil]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let output = try context.makeOutput()
    _ = addForward(context.builder, context.node, context.inputs, to: output)
    return output
  }
}
