package import Tensors

/// The sum of two or more inputs, as Keras' `Add`: the end of a residual block.
///
/// Axes of length 1, such as those of a vector per example, are broadcast.
package struct Add: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Add" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count >= 2 ? .spread(inputs) : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let output = try sum(context.operands, context.builder, then: nil)
    let shape = context.node.outputShape
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      try context.inputShapes.indices.map { index in
        guard context.wantsGradient[index] else { return nil }
        // Inputs share the output's gradient: a gradient with several readers is never overwritten.
        guard context.inputShapes[index] != shape else { return outputGradient }
        let inputGradient = try context.makeInputGradient(index)
        let inputShape = context.inputShapes[index]
        context.builder.addBackward {
          SpreadKernels.gradient(
            SpreadKernels.Operand(outputGradient, shape), times: nil,
            to: SpreadKernels.Operand(inputGradient, inputShape))
        }
        return inputGradient
      }
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    try sum(context.operands, context.builder, then: context.activation)
  }

  /// - Parameter activation: applied to the result; only if all operands have the same shape.
  private func sum(
    _ operands: [SpreadKernels.Operand], _ builder: ProgramBuilder, then activation: Elementwise?
  ) throws -> TensorBuffer {
    var total = operands[0]
    for (index, next) in operands.enumerated().dropFirst() {
      let (left, result) = (total, try total.combined(with: next, builder))
      if left.shape == next.shape {
        let isLast = index == operands.count - 1
        builder.addForward(
          try Primitive.sum(
            left.buffer, next.buffer, to: result.buffer, then: isLast ? activation : nil))
      } else {
        builder.addForward { SpreadKernels.add(left, next, to: result) }
      }
      total = result
    }
    return total.buffer
  }
}
