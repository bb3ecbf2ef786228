package import Tensors

/// A two-dimensional convolution with "same" padding, as Keras' `Conv2D(padding="same")`.
///
/// Input `[batch, height, width, in]`, output `[batch, ceil(height / stride), ceil(width / stride),
/// filters]`; kernel `[kernelSize, kernelSize, in, filters]`, bias `[filters]`. Without a bias by
/// default, because a batch normalization that follows would take it out again.
package struct Conv2D: Layer {
  package let filters: Int
  package let kernelSize: Int
  package let stride: Int
  package let hasBias: Bool

  package init(filters: Int, kernelSize: Int, stride: Int = 1, hasBias: Bool = false) {
    self.filters = filters
    self.kernelSize = kernelSize
    self.stride = stride
    self.hasBias = hasBias
  }

  package var kerasClass: String { "Conv2D" }

  private func window(over shape: ImageShape) -> Window {
    .same(kernel: kernelSize, stride: stride, over: shape)
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1 else { return nil }
    return window(over: inputs[0]).output(over: inputs[0], channels: filters)
  }

  package func parameters(for input: ImageShape) -> [ParameterSpecification] {
    let area = kernelSize * kernelSize
    let kernel = ParameterSpecification(
      "kernel", shape: [kernelSize, kernelSize, input.channels, filters],
      startingAt: .glorotUniform(fanIn: area * input.channels, fanOut: area * filters))
    return hasBias
      ? [kernel, ParameterSpecification("bias", shape: [filters], startingAt: .zeros)] : [kernel]
  }

  package func multiplyAdds(for input: ImageShape, output: ImageShape) -> Int {
    output.count * kernelSize * kernelSize * input.channels
  }

  package func compile(_ site: TrainingSite) throws -> CompiledLayer {
    let window = window(over: site.inputShape)
    let output = try site.makeOutput()
    let kernel = try site.parameter("kernel") {
      try TensorBuffer.convolutionKernel(
        from: site.input, to: output, window: window, count: site.node.parameters[0].count)
    }
    let bias = hasBias ? try site.vectorParameter("bias", count: filters) : nil
    site.builder.addForward(
      try Primitive.convolution(
        site.input, kernel: kernel.value, bias: bias?.value, to: output, window: window,
        phase: .training),
      multiplyAdds: site.node.multiplyAdds)
    return CompiledLayer(output: output) { outputGradient in
      if let kernelGradient = kernel.gradient {
        site.builder.addBackward(
          try Primitive.convolutionParameterGradient(
            of: outputGradient, source: site.input, kernelGradient: kernelGradient,
            biasGradient: bias?.gradient, window: window),
          multiplyAdds: site.node.multiplyAdds)
      }
      guard site.wantsGradient[0] else { return [nil] }
      let inputGradient = try site.makeInputGradient()
      site.builder.addBackward(
        try Primitive.convolutionInputGradient(
          of: outputGradient, kernel: kernel.value, to: inputGradient, window: window),
        multiplyAdds: site.node.multiplyAdds)
      return [inputGradient]
    }
  }

  package func compile(_ site: InferenceSite) throws -> TensorBuffer {
    let window = window(over: site.inputShape)
    let output = try site.makeOutput()
    let folded = site.foldedKernel(hasBias: hasBias)
    let kernel = site.builder.counted(
      try TensorBuffer.convolutionKernel(
        from: site.input, to: output, window: window, count: folded.kernel.count))
    try kernel.pack(folded.kernel)
    site.builder.addForward(
      try Primitive.convolution(
        site.input, kernel: kernel, bias: try folded.bias.map(site.vector), to: output,
        window: window, phase: .inference, thenReLU: site.appliesReLU),
      multiplyAdds: site.node.multiplyAdds)
    return output
  }
}
