import Tensors

extension TrainingContext {
  /// Adds the steps of a layer with a low-rank addition.
  ///
  /// The backward pass runs the input through the first factor again.
  ///
  /// - Parameter window: the window of the first factor.
  func compile(
    _ addition: LowRankAddition, window: Window, hasBias: Bool, kernel: EffectiveKernel
  ) throws -> CompiledLayer {
    try compile(kernel, hasBias: hasBias) { buffers in
      try steps(of: addition, window: window, buffers)
    }
  }

  private func steps(
    of addition: LowRankAddition, window: Window, _ buffers: AdaptedBuffers
  ) throws -> AdditionSteps {
    let (shape, pixel) = (node.outputShape, Window(kernelHeight: 1, kernelWidth: 1))
    let narrow = ImageShape(height: shape.height, width: shape.width, channels: addition.rank)
    let sketch = try TensorBuffer.unplacedActivations(batch: builder.batch, shape: narrow)
    let down = try parameter(LowRankRole.down) {
      try TensorBuffer.convolutionKernel(
        from: buffers.input, to: sketch, window: window, count: count(of: LowRankRole.down))
    }
    let up = try parameter(LowRankRole.up) {
      try TensorBuffer.convolutionKernel(
        from: sketch, to: buffers.output, window: pixel, count: count(of: LowRankRole.up))
    }
    let merging = KernelMerging(of: [down.value, up.value], buffers, builder) { parts in
      LayerKernels.addProduct(
        of: parts[0], parts[1], rank: addition.rank, columns: shape.channels,
        scale: addition.scale, to: buffers.frozen, into: parts[2])
    }
    let upAdds = narrow.count * shape.channels
    let downAdds = narrow.count * (down.value.count / addition.rank)
    return AdditionSteps(merge: merging.run) { outputGradient in
      let inner = try builder.activations(narrow)
      if let gradient = up.gradient {
        builder.addBackward(
          try Primitive.convolution(
            buffers.input, kernel: down.value, bias: nil, to: inner, window: window,
            phase: .training),
          multiplyAdds: downAdds)
        builder.addBackward(
          try Primitive.convolutionParameterGradient(
            of: outputGradient, source: inner, kernelGradient: gradient,
            biasGradient: buffers.bias?.gradient, window: pixel),
          multiplyAdds: upAdds)
        builder.addBackward { VectorKernels.scale(gradient, by: addition.scale) }
      } else {
        addBiasGradient(of: outputGradient, to: buffers.bias)
      }
      guard let gradient = down.gradient else { return }
      builder.addBackward(
        try Primitive.convolutionInputGradient(
          of: outputGradient, kernel: up.value, to: inner, window: pixel, kernelChanges: true),
        multiplyAdds: upAdds)
      builder.addBackward(
        try Primitive.convolutionParameterGradient(
          of: inner, source: buffers.input, kernelGradient: gradient, biasGradient: nil,
          window: window),
        multiplyAdds: downAdds)
      builder.addBackward { VectorKernels.scale(gradient, by: addition.scale) }
    }
  }
}
