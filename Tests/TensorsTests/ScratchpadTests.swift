import Tensors
import Testing

/// A primitive may write its scratchpad, and nothing behind it: there the heap is, or memory of
/// others.
struct ScratchpadTests {
  struct Geometry: CustomTestStringConvertible {
    let kernel, stride, channels, filters: Int
    var testDescription: String { "\(kernel)x\(kernel) by \(stride), \(channels) to \(filters)" }
  }

  static let geometries = [1, 3].flatMap { kernel in
    [1, 2].flatMap { stride in
      [1, 3, 4, 7, 8, 12, 16].flatMap { channels in
        [1, 4, 6, 16].map { filters in
          Geometry(kernel: kernel, stride: stride, channels: channels, filters: filters)
        }
      }
    }
  }

  /// Convolutions and both of their gradients, where images divide by the stride and where not.
  @Test(arguments: geometries)
  func convolutions(_ geometry: Geometry) throws {
    for side in [4, 7, 8] {
      let shape = ImageShape(height: side, width: side, channels: geometry.channels)
      let window = Window.same(kernel: geometry.kernel, stride: geometry.stride, over: shape)
      let outputSide = (side + geometry.stride - 1) / geometry.stride
      let output = ImageShape(height: outputSide, width: outputSide, channels: geometry.filters)
      let source = try TensorBuffer.activations(batch: 2, shape: shape)
      let destination = try TensorBuffer.activations(batch: 2, shape: output)
      let kernel = try TensorBuffer.convolutionKernel(
        from: source, to: destination, window: window,
        count: geometry.kernel * geometry.kernel * geometry.channels * geometry.filters)
      let bias = try TensorBuffer.vector(count: geometry.filters)
      try check(
        .convolution(
          source, kernel: kernel, bias: bias, to: destination, window: window, phase: .training))
      try check(
        .convolutionInputGradient(
          of: destination, kernel: kernel, to: source, window: window, kernelChanges: true))
      for biasGradient in [bias, nil] {
        try check(
          .convolutionParameterGradient(
            of: destination, source: source, kernelGradient: try kernel.alike(),
            biasGradient: biasGradient, window: window))
      }
    }
  }

  /// What is known beforehand: the memory of a training step on one thread, and what each helper
  /// adds, which is its own memory and room for what threads share.
  @Test(arguments: [(16, 16), (40, 24)])
  func estimate(inputs: Int, outputs: Int) throws {
    let batch = 32
    let layer = try ConvolutionBuffers(
      ConvolutionCase(height: 8, width: 8, inputs: inputs, outputs: outputs), batch: batch)
    let primitives = try [
      Primitive.convolution(
        layer.source, kernel: layer.kernel, bias: layer.bias, to: layer.destination,
        window: layer.window, phase: .training),
      Primitive.convolutionInputGradient(
        of: layer.gradient, kernel: layer.kernel, to: layer.source, window: layer.window,
        kernelChanges: true),
      Primitive.convolutionParameterGradient(
        of: layer.gradient, source: layer.source, kernelGradient: layer.kernel.alike(),
        biasGradient: layer.bias.alike(), window: layer.window),
    ]
    func estimate(threads: Int) -> Int {
      Primitive.convolutionWorkingBytes(
        batch: batch, from: layer.input, to: outputs, window: layer.window, threads: threads)
    }
    let alone = try #require(primitives.map(\.scratchpadBytes).max())
    let own = try #require(primitives.map(\.helperBytes).max())
    let shared = try #require(primitives.map(\.sharedBytes).max())
    #expect(own > 0 && shared > 0)
    #expect(estimate(threads: 1) == alone)
    #expect(estimate(threads: 2) == alone + own + shared)
    #expect(estimate(threads: 4) == alone + 3 * (own + shared))
  }

  private func check(_ primitive: Primitive) throws {
    let asked = (primitive.scratchpadBytes + 3) / 4
    guard asked > 0 else { return }
    let scratchpad = try TensorBuffer.vector(count: asked + 4096)
    try scratchpad.pack([Float](repeating: 0.5, count: asked + 4096))
    try primitive.use(scratchpad: scratchpad)
    try primitive.run()
    #expect(try scratchpad.unpack()[asked...].allSatisfy { $0 == 0.5 })
  }
}
