package import Tensors

/// A layer that reduces each window of a channel to one value.
///
/// The pooling layers differ in their windows and in the value of a window.
package protocol PoolingLayer: Layer {
  /// How the value of a window is computed.
  var kind: PoolingKind { get }

  /// The windows over an image.
  func window(over shape: ImageShape) -> Window
}

extension PoolingLayer {
  package func compile(_ context: TrainingContext) throws -> CompiledLayer {
    let window = window(over: context.inputShape)
    let output = try context.makeOutput()
    let (forward, positions) = try Primitive.pooling(
      kind, context.input, to: output, window: window, phase: .training)
    context.builder.addForward(forward)
    if let positions { context.builder.counted(positions) }
    return CompiledLayer(output: output, keeping: []) { outputGradient in
      guard context.wantsGradient[0] else { return [nil] }
      let inputGradient = try context.makeInputGradient()
      context.builder.addBackward(
        try Primitive.poolingGradient(
          kind, of: outputGradient, to: inputGradient, window: window, positions: positions))
      return [inputGradient]
    }
  }

  package func compile(_ context: InferenceContext) throws -> TensorBuffer {
    let output = try context.makeOutput()
    context.builder.addForward(
      try Primitive.pooling(
        kind, context.input, to: output, window: window(over: context.inputShape), phase: .inference
      ).0)
    return output
  }
}

/// Windows of one size that move over the image.
package protocol MovingPool: PoolingLayer {
  var poolSize: Size2D { get }
  var strides: Size2D { get }
  var padding: Padding { get }
}

extension MovingPool {
  package func window(over shape: ImageShape) -> Window {
    padding.window(
      Window(
        kernelHeight: poolSize.height, kernelWidth: poolSize.width, strideHeight: strides.height,
        strideWidth: strides.width),
      over: shape)
  }

  /// The output shape; `nil` if the layer cannot work: a window that may be entirely in the padding
  /// has no values.
  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1, poolSize.isUsable, strides.isUsable, padding.isValid else {
      return nil
    }
    let window = window(over: inputs[0])
    guard max(window.padTop, window.padBottom) < poolSize.height,
      max(window.padLeft, window.padRight) < poolSize.width
    else { return nil }
    return window.output(over: inputs[0], channels: inputs[0].channels)
  }
}

/// One window over the whole image.
package protocol GlobalPool: PoolingLayer {}

extension GlobalPool {
  package func window(over shape: ImageShape) -> Window {
    .valid(height: shape.height, width: shape.width, stride: 1)
  }

  package func outputShape(of inputs: [ImageShape]) -> ImageShape? {
    guard inputs.count == 1 else { return nil }
    return ImageShape(height: 1, width: 1, channels: inputs[0].channels)
  }
}
