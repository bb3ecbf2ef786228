import Tensors
import Testing

/// What convolutions do only in inference: they pool their results and keep their kernels.
struct ConvolutionInferenceTests {
  static let poolable = ConvolutionTests.cases.filter { convolution in
    let shape = ImageShape(
      height: convolution.height, width: convolution.width, channels: convolution.inputs)
    return min(shape.height, shape.width) > 1
      && Primitive.canPool(
        shape, to: convolution.outputs, window: .same(kernel: 3, stride: 1, over: shape))
  }

  /// Pooled results are the largest of each window of 2×2 pixels that a convolution with a ReLU
  /// yields, bit for bit; a last odd row or column is dropped.
  @Test(arguments: poolable)
  func pools(_ convolution: ConvolutionCase) throws {
    let layer = try ConvolutionBuffers(convolution, batch: ConvolutionTests.batch)
    let shape = ImageShape(
      height: convolution.height / 2, width: convolution.width / 2, channels: convolution.outputs)
    let (pooled, apart) = (
      try TensorBuffer.activations(batch: ConvolutionTests.batch, shape: shape),
      try TensorBuffer.activations(batch: ConvolutionTests.batch, shape: shape)
    )
    try run(
      .convolution(
        layer.source, kernel: layer.kernel, bias: layer.bias, to: pooled, window: layer.window,
        phase: .inference, then: .relu(slope: 0), pools: true))
    try run(
      .convolution(
        layer.source, kernel: layer.kernel, bias: layer.bias, to: layer.destination,
        window: layer.window, phase: .inference, then: .relu(slope: 0)))
    let windows = Window.valid(height: 2, width: 2, stride: 2)
    try run(
      Primitive.pooling(
        .maximum, layer.destination, to: apart, window: windows, phase: .inference
      ).0)
    #expect(pooled.contents.map(\.bitPattern) == apart.contents.map(\.bitPattern))
    let reference = ConvolutionReference(
      convolution, layer: layer, batch: ConvolutionTests.batch)
    #expect(agree(pooled.contents, reference.pooled(convolution), to: 1e-5))
  }

  /// The usual convolutions of blocks that end with pooling can pool; a first layer cannot.
  @Test func whichPool() {
    let pools = [(16, 16, 16), (8, 32, 32), (4, 64, 64), (16, 1, 16)].map { side, inputs, outputs in
      let shape = ImageShape(height: side, width: side, channels: inputs)
      return Primitive.canPool(
        shape, to: outputs, window: .same(kernel: 3, stride: 1, over: shape))
    }
    #expect(pools == [true, true, true, false])
  }

  /// In inference, and in training where the kernel does not change, a primitive keeps a small
  /// kernel in its own form, and the kernel's buffer may change or go.
  ///
  /// In training, every run reads a kernel that changes.
  @Test(arguments: [(1, 16), (16, 16), (40, 24)])
  func keepsKernels(inputs: Int, outputs: Int) throws {
    let convolution = ConvolutionCase(height: 8, width: 8, inputs: inputs, outputs: outputs)
    let layer = try ConvolutionBuffers(convolution, batch: 2)
    func primitive(_ phase: Phase, changes: Bool) throws -> Primitive {
      try .convolution(
        layer.source, kernel: layer.kernel, bias: nil, to: layer.destination,
        window: layer.window, phase: phase, kernelChanges: changes)
    }
    let keeping = try [
      primitive(.inference, changes: true), primitive(.training, changes: false),
    ]
    let training = try primitive(.training, changes: true)
    #expect(keeping.allSatisfy { !$0.uses(layer.kernel) } && training.uses(layer.kernel))
    let kept = Primitive.keptKernelBytes(
      batch: 2, from: ImageShape(height: 8, width: 8, channels: inputs), to: outputs,
      window: layer.window, gradient: false)
    #expect(keeping.allSatisfy { $0.ownBytes == kept } && training.ownBytes == 0)
    #expect(kept >= layer.kernel.bytes)
    try run(training)
    let before = layer.destination.contents
    for primitive in keeping {
      layer.destination.fill([Float](repeating: 9, count: before.count))
      try run(primitive)
      #expect(layer.destination.contents == before)
    }
    layer.kernel.fill([Float](repeating: 0, count: layer.kernel.count))
    for primitive in keeping {
      layer.destination.fill([Float](repeating: 9, count: before.count))
      try run(primitive)
      #expect(layer.destination.contents == before)
    }
    try run(training)
    #expect(layer.destination.contents.allSatisfy { $0 == 0 })
  }

  private func run(_ primitive: Primitive) throws { try primitive.runAlone() }
}
