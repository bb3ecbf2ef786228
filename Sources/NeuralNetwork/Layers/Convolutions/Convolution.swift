import Tensors

// Shared by ordinary and depthwise convolutions, which differ only in the window's groups and in
// the shape of the kernel.

extension TrainingContext {
  func compileConvolution(_ window: Window, hasBias: Bool) throws -> CompiledLayer {
    let output = try makeOutput()
    let kernel = try parameter("kernel") {
      try TensorBuffer.convolutionKernel(
        from: input, to: output, window: window, count: node.parameters[0].count)
    }
    let bias = hasBias ? try vectorParameter("bias", count: node.outputShape.channels) : nil
    builder.addForward(
      try Primitive.convolution(
        input, kernel: kernel.value, bias: bias?.value, to: output, window: window,
        phase: .training, kernelChanges: kernel.gradient != nil),
      multiplyAdds: node.multiplyAdds)
    let kept = kernel.gradient == nil ? [] : [input]
    return CompiledLayer(output: output, keeping: kept) { outputGradient in
      if let kernelGradient = kernel.gradient {
        builder.addBackward(
          try Primitive.convolutionParameterGradient(
            of: outputGradient, source: input, kernelGradient: kernelGradient,
            biasGradient: bias?.gradient, window: window),
          multiplyAdds: node.multiplyAdds)
      } else {
        addBiasGradient(of: outputGradient, to: bias)
      }
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward(
        try Primitive.convolutionInputGradient(
          of: outputGradient, kernel: kernel.value, to: inputGradient, window: window,
          kernelChanges: kernel.gradient != nil),
        multiplyAdds: node.multiplyAdds)
      return [inputGradient]
    }
  }
}

extension TrainingContext {
  /// Adds the gradient of a bias that is trained without its kernel.
  func addBiasGradient(of outputGradient: TensorBuffer, to bias: ParameterStore.Entry?) {
    guard let gradient = bias?.gradient else { return }
    builder.addBackward { LayerKernels.channelSums(outputGradient, to: gradient) }
  }
}

extension InferenceContext {
  func compileConvolution(_ window: Window, hasBias: Bool) throws -> TensorBuffer {
    let window =
      zeroPadding.map { zeros in
        window.padded(
          top: window.padTop + zeros.top, left: window.padLeft + zeros.left,
          bottom: window.padBottom + zeros.bottom, right: window.padRight + zeros.right)
      } ?? window
    let poolsItself =
      pooling != nil
      && Primitive.canPool(inputShapes[0], to: node.outputShape.channels, window: window)
    let output = poolsItself ? try makePooledOutput() : try makeOutput()
    let folded = foldedKernel(hasBias: hasBias)
    let kernel = try TensorBuffer.convolutionKernel(
      from: input, to: output, window: window, count: folded.kernel.count)
    try kernel.pack(folded.kernel)
    let primitive = try Primitive.convolution(
      input, kernel: kernel, bias: try folded.bias.map(vector), to: output, window: window,
      phase: .inference, then: activation, pools: poolsItself)
    if primitive.uses(kernel) { builder.counted(kernel) }
    builder.addForward(primitive, multiplyAdds: node.multiplyAdds)
    guard let pooling, !poolsItself else { return output }
    let pooled = try makePooledOutput()
    builder.addForward(
      try Primitive.pooling(
        .maximum, output, to: pooled, window: pooling.window(over: node.outputShape),
        phase: .inference
      ).0)
    return pooled
  }

  /// A buffer for the output of the pooling that follows.
  private func makePooledOutput() throws -> TensorBuffer {
    let shape = node.outputShape
    return try builder.activations(
      ImageShape(height: shape.height / 2, width: shape.width / 2, channels: shape.channels))
  }
}
