package import Tensors

/// A fully connected layer, as Keras' `Dense`.
///
/// Input `[batch, features]` (activations of height and width 1), output `[batch, units]`; kernel
/// `[features, units]`, bias `[units]`.
package struct Dense: FoldingLayer, Hashable {
  package let units: Int
  package let hasBias: Bool

  package init(units: Int, hasBias: Bool = true) {
    self.units = units
    self.hasBias = hasBias
  }

  package var kerasClass: String { "Dense" }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, inputs[0].height == 1, inputs[0].width == 1 else { return nil }
    return ImageShape(height: 1, width: 1, channels: units)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let kernel = ParameterSpecification(
      "kernel", shape: [input.channels, units],
      startingAt: .glorotUniform(fanIn: input.channels, fanOut: units))
    return hasBias
      ? [kernel, ParameterSpecification("bias", shape: [units], startingAt: .zeros)] : [kernel]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    input.channels * units
  }

  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let output = try context.makeOutput()
    let kernel = try context.parameter("kernel") {
      try TensorBuffer.denseKernel(
        from: context.input, to: output, count: context.node.parameters[0].count)
    }
    let bias = hasBias ? try context.vectorParameter("bias", count: units) : nil
    context.builder.addForward(
      try Primitive.dense(
        context.input, kernel: kernel.value, bias: bias?.value, to: output, phase: .training),
      multiplyAdds: context.node.multiplyAdds)
    let kept = kernel.gradient == nil ? [] : [context.input]
    return CompiledLayer(output: output, keeping: kept) { outputGradient in
      if let kernelGradient = kernel.gradient {
        context.builder.addBackward(
          try Primitive.denseParameterGradient(
            of: outputGradient, source: context.input, kernelGradient: kernelGradient,
            biasGradient: bias?.gradient),
          multiplyAdds: context.node.multiplyAdds)
      } else {
        context.addBiasGradient(of: outputGradient, to: bias)
      }
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward(
        try Primitive.denseInputGradient(
          of: outputGradient, kernel: kernel.value, to: inputGradient,
          kernelChanges: kernel.gradient != nil),
        multiplyAdds: context.node.multiplyAdds)
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let output = try context.makeOutput()
    let folded = context.foldedKernel(hasBias: hasBias)
    let kernel = context.builder.counted(
      try TensorBuffer.denseKernel(from: context.input, to: output, count: folded.kernel.count))
    try kernel.pack(folded.kernel)
    context.builder.addForward(
      try Primitive.dense(
        context.input, kernel: kernel, bias: try folded.bias.map(context.vector), to: output,
        phase: .inference, then: context.activation),
      multiplyAdds: context.node.multiplyAdds)
    return output
  }
}
