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

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let output = try site.makeOutput()
    let kernel = try site.parameter("kernel") {
      try TensorBuffer.denseKernel(
        from: site.input, to: output, count: site.node.parameters[0].count)
    }
    let bias = hasBias ? try site.vectorParameter("bias", count: units) : nil
    site.builder.addForward(
      try Primitive.dense(
        site.input, kernel: kernel.value, bias: bias?.value, to: output, phase: .training),
      multiplyAdds: site.node.multiplyAdds)
    let kept = kernel.gradient == nil ? [] : [site.input]
    return CompiledLayer(output: output, keeping: kept) { outputGradient in
      if let kernelGradient = kernel.gradient {
        site.builder.addBackward(
          try Primitive.denseParameterGradient(
            of: outputGradient, source: site.input, kernelGradient: kernelGradient,
            biasGradient: bias?.gradient),
          multiplyAdds: site.node.multiplyAdds)
      }
      guard site.wantsGradient[0] else { return [nil] }
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward(
        try Primitive.denseInputGradient(
          of: outputGradient, kernel: kernel.value, to: inputGradient,
          kernelChanges: kernel.gradient != nil),
        multiplyAdds: site.node.multiplyAdds)
      return [inputGradient]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let output = try site.makeOutput()
    let folded = site.foldedKernel(hasBias: hasBias)
    let kernel = site.builder.counted(
      try TensorBuffer.denseKernel(from: site.input, to: output, count: folded.kernel.count))
    try kernel.pack(folded.kernel)
    site.builder.addForward(
      try Primitive.dense(
        site.input, kernel: kernel, bias: try folded.bias.map(site.vector), to: output,
        phase: .inference, then: site.activation),
      multiplyAdds: site.node.multiplyAdds)
    return output
  }
}
