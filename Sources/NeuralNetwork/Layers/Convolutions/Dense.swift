package import Tensors

/// A fully connected layer, as Keras' `Dense`.
///
/// Input `[batch, features]` (activations of height and width 1), output `[batch, units]`; kernel
/// `[features, units]`, bias `[units]`. Every place of a sequence `[batch, 1, length, features]` is
/// such a vector.
package struct Dense: FoldingLayer, Hashable {
  package let units: Int
  package let hasBias: Bool

  package init(units: Int, hasBias: Bool = true) {
    self.units = units
    self.hasBias = hasBias
  }

  package var kerasClass: String { "Dense" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, inputs[0].height == 1 else { return nil }
    return ImageShape(height: 1, width: inputs[0].width, channels: units)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let kernel = ParameterSpecification(
      "kernel", shape: [input.channels, units],
      startingAt: .glorotUniform(fanIn: input.channels, fanOut: units))
    return hasBias
      ? [kernel, ParameterSpecification("bias", shape: [units], startingAt: .zeros)] : [kernel]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    input.width * input.channels * units
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let (builder, shape) = (context.builder, context.node.outputShape)
    let output = try context.makeOutput()
    let sourceRows = try builder.rows(of: context.input, context.inputShape)
    let resultRows = try builder.rows(of: output, shape)
    let kernel = try context.parameter("kernel") {
      try TensorBuffer.denseKernel(
        from: sourceRows, to: resultRows, count: context.node.parameters[0].count)
    }
    let bias = hasBias ? try context.vectorParameter("bias", count: units) : nil
    builder.addForward(
      try Primitive.dense(
        sourceRows, kernel: kernel.value, bias: bias?.value, to: resultRows, phase: .training),
      multiplyAdds: context.node.multiplyAdds)
    let kept = kernel.gradient == nil ? [] : [context.input]
    return CompiledLayer(output: output, keeping: kept) { outputGradient in
      let gradientRows = try builder.rows(of: outputGradient, shape)
      if let kernelGradient = kernel.gradient {
        builder.addBackward(
          try Primitive.denseParameterGradient(
            of: gradientRows, source: sourceRows, kernelGradient: kernelGradient,
            biasGradient: bias?.gradient),
          multiplyAdds: context.node.multiplyAdds)
      } else {
        context.addBiasGradient(of: outputGradient, to: bias)
      }
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      builder.addBackward(
        try Primitive.denseInputGradient(
          of: gradientRows, kernel: kernel.value,
          to: builder.rows(of: inputGradient, context.inputShape),
          kernelChanges: kernel.gradient != nil),
        multiplyAdds: context.node.multiplyAdds)
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let builder = context.builder
    let output = try context.makeOutput()
    let sourceRows = try builder.rows(of: context.input, context.inputShape)
    let resultRows = try builder.rows(of: output, context.node.outputShape)
    let folded = context.foldedKernel(hasBias: hasBias)
    let kernel = builder.counted(
      try TensorBuffer.denseKernel(
        from: sourceRows, to: resultRows, count: folded.kernel.count))
    try kernel.pack(folded.kernel)
    builder.addForward(
      try Primitive.dense(
        sourceRows, kernel: kernel, bias: try folded.bias.map(context.vector), to: resultRows,
        rows: context.inputShape.width, phase: .inference, then: context.activation),
      multiplyAdds: context.node.multiplyAdds)
    return output
  }
}
