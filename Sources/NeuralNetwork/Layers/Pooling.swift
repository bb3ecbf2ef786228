import Tensors

// What the pooling layers share: they differ in the window and in what it keeps.

extension Window {
  static func pooling(
    _ size: Size2D, strides: Size2D, padding: Padding, over shape: ImageShape
  ) -> Window {
    padding.window(
      Window(
        kernelHeight: size.height, kernelWidth: size.width, strideHeight: strides.height,
        strideWidth: strides.width),
      over: shape)
  }

  /// `nil` where the layer cannot work: a window that may lie in the padding alone has no values.
  static func pooledShape(
    of inputs: [ImageShape], size: Size2D, strides: Size2D, padding: Padding
  ) -> ImageShape? {
    guard inputs.count == 1, size.isUsable, strides.isUsable, padding.isValid else {
      return nil
    }
    let window = pooling(size, strides: strides, padding: padding, over: inputs[0])
    guard max(window.padTop, window.padBottom) < size.height,
      max(window.padLeft, window.padRight) < size.width
    else { return nil }
    return window.output(over: inputs[0], channels: inputs[0].channels)
  }
}

extension TrainingSite {
  func compilePooling(_ kind: PoolingKind, _ window: Window) throws -> CompiledLayer {
    let output = try makeOutput()
    let (forward, positions) = try Primitive.pooling(
      kind, input, to: output, window: window, phase: .training)
    builder.addForward(forward)
    if let positions { builder.counted(positions) }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard wantsGradient[0] else { return [nil] }
      let inputGradient = try makeInputGradient()
      builder.addBackward(
        try Primitive.poolingGradient(
          kind, of: outputGradient, to: inputGradient, window: window, positions: positions))
      return [inputGradient]
    }
  }
}

extension InferenceSite {
  func compilePooling(_ kind: PoolingKind, _ window: Window) throws -> TensorBuffer {
    let output = try makeOutput()
    builder.addForward(
      try Primitive.pooling(kind, input, to: output, window: window, phase: .inference).0)
    return output
  }
}
