package import Tensors

/// The sum of two or more inputs, as Keras' `Add`: the joint of a residual block.
///
/// An axis of length 1, such as those of a vector per example, is spread over that of the others.
package struct Add: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Add" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count >= 2 ? .spread(inputs) : nil
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try sum(site.operands, site.builder, then: nil)
    let shape = site.node.outputShape
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      try site.inputShapes.indices.map { index in
        guard site.wantsGradient[index] else { return nil }
        // Inputs share the output's gradient; nobody writes to a gradient that others read.
        guard site.inputShapes[index] != shape else { return outputGradient }
        let inputGradient = try site.makeInputGradient(index)
        let inputShape = site.inputShapes[index]
        site.builder.addBackward {
          SpreadKernels.gradient(
            SpreadKernels.Operand(outputGradient, shape), times: nil,
            to: SpreadKernels.Operand(inputGradient, inputShape))
        }
        return inputGradient
      }
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    try sum(site.operands, site.builder, then: site.activation)
  }

  /// - Parameter activation: of the result; only where all operands have one shape.
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
