package import Tensors

/// The product of two or more inputs, as Keras' `Multiply`: the gate of a squeeze-and-excitation
/// block.
///
/// Axes of length 1, such as those of a vector per example, are broadcast.
package struct Multiply: Layer, Hashable {
  package init() {}

  package var kerasClass: String { "Multiply" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    inputs.count >= 2 ? .spread(inputs) : nil
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let operands = context.operands
    let products = try products(of: operands, context.builder)
    let output = products[products.count - 1].buffer
    return CompiledLayer(output: output) { outputGradient in
      var gradients = [TensorBuffer?](repeating: nil, count: operands.count)
      func gradient(
        _ whole: SpreadKernels.Operand, times factor: SpreadKernels.Operand, of shape: ImageShape
      ) throws -> SpreadKernels.Operand {
        let result = SpreadKernels.Operand(try context.builder.activations(shape), shape)
        context.builder.addBackward { SpreadKernels.gradient(whole, times: factor, to: result) }
        return result
      }
      // From the last factor to the first: the gradient of each product gives the gradients of its
      // right factor and of the product before it.
      var whole = SpreadKernels.Operand(outputGradient, context.node.outputShape)
      for index in operands.indices.dropFirst().reversed() {
        let (left, right) = (products[index - 1], operands[index])
        if context.wantsGradient[index] {
          gradients[index] = try gradient(whole, times: left, of: right.shape).buffer
        }
        guard context.wantsGradient[..<index].contains(true) else { return gradients }
        whole = try gradient(whole, times: right, of: left.shape)
      }
      gradients[0] = context.wantsGradient[0] ? whole.buffer : nil
      return gradients
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let products = try products(of: context.operands, context.builder)
    return products[products.count - 1].buffer
  }

  /// The cumulative products: the first operand, the product of the first two, and so on.
  private func products(
    of operands: [SpreadKernels.Operand], _ builder: ProgramBuilder
  ) throws -> [SpreadKernels.Operand] {
    var products = [operands[0]]
    for next in operands.dropFirst() {
      let left = products[products.count - 1]
      let result = try left.combined(with: next, builder)
      builder.addForward { SpreadKernels.multiply(left, next, to: result) }
      products.append(result)
    }
    return products
  }
}
