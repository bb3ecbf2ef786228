import Tensors
import Testing

/// 3×3 convolutions and their gradients, against sums written out in double precision.
struct ConvolutionTests {
  /// Sides that fill whole tiles of four pixels and sides that do not; channels that fill vectors
  /// and channels that do not; few channels, which are convolved directly.
  static let cases = [(1, 1), (3, 4), (5, 7), (8, 8), (9, 18)].flatMap { height, width in
    [(1, 16), (3, 8), (8, 8), (16, 16), (16, 33), (40, 24), (70, 64)].map { inputs, outputs in
      ConvolutionCase(height: height, width: width, inputs: inputs, outputs: outputs)
    }
  }

  static let batch = 3

  @Test(arguments: cases)
  func convolves(_ convolution: ConvolutionCase) throws {
    let layer = try ConvolutionBuffers(convolution, batch: Self.batch)
    let expected = ConvolutionReference(convolution, layer: layer, batch: Self.batch)

    try run(
      .convolution(
        layer.source, kernel: layer.kernel, bias: layer.bias, to: layer.destination,
        window: layer.window, phase: .training, then: .relu(slope: 0)))
    #expect(agree(layer.destination.contents, expected.values.map { max($0, 0) }, to: 1e-5))

    let sourceGradient = try TensorBuffer.activations(batch: Self.batch, shape: layer.input)
    try run(
      .convolutionInputGradient(
        of: layer.gradient, kernel: layer.kernel, to: sourceGradient, window: layer.window,
        kernelChanges: true))
    #expect(agree(sourceGradient.contents, expected.sourceGradient, to: 2e-5))

    let kernelGradient = try layer.kernel.alike()
    let biasGradient = try TensorBuffer.vector(count: convolution.outputs)
    try run(
      .convolutionParameterGradient(
        of: layer.gradient, source: layer.source, kernelGradient: kernelGradient,
        biasGradient: biasGradient, window: layer.window))
    #expect(agree(try kernelGradient.unpack(), expected.kernelGradient, to: 2e-5))
    #expect(agree(try biasGradient.unpack(), expected.biasGradient, to: 2e-5))
  }

  /// The result of an image is the same bits, whatever batch it is in.
  @Test func imagesAreIndependent() throws {
    let convolution = ConvolutionCase(height: 9, width: 8, inputs: 16, outputs: 32)
    let many = try ConvolutionBuffers(convolution, batch: 5)
    let one = try ConvolutionBuffers(convolution, batch: 1)
    for layer in [many, one] {
      try run(
        .convolution(
          layer.source, kernel: layer.kernel, bias: nil, to: layer.destination,
          window: layer.window, phase: .inference))
    }
    #expect(Array(many.destination.contents.prefix(one.output.count)) == one.destination.contents)
  }

  /// Kernels and images that do not fit together are an error.
  @Test func misfits() throws {
    let layer = try ConvolutionBuffers(
      ConvolutionCase(height: 8, width: 8, inputs: 16, outputs: 16), batch: 1)
    let other = try TensorBuffer.activations(
      batch: 2, shape: ImageShape(height: 8, width: 8, channels: 16))
    #expect(throws: ComputeError.self) {
      try Primitive.convolution(
        layer.source, kernel: layer.kernel, bias: nil, to: other, window: layer.window,
        phase: .inference)
    }
    #expect(throws: ComputeError.self) {
      try Primitive.convolution(
        layer.source, kernel: layer.kernel, bias: TensorBuffer.vector(count: 15),
        to: layer.destination, window: layer.window, phase: .inference)
    }
    let pooled = try TensorBuffer.activations(
      batch: 1, shape: ImageShape(height: 4, width: 4, channels: 16))
    for (phase, activation) in [(Phase.training, Elementwise.relu(slope: 0)), (.inference, .tanh)] {
      #expect(throws: ComputeError.self) {
        try Primitive.convolution(
          layer.source, kernel: layer.kernel, bias: nil, to: pooled, window: layer.window,
          phase: phase, then: activation, pools: true)
      }
    }
  }

  private func run(_ primitive: Primitive) throws { try primitive.runAlone() }
}
