import Tensors
import Testing

/// Large computations of oneDNN, which are divided into four parts of the images, against those of
/// each part alone, which is not.
struct DividedKernelTests {
  private static let images = 16
  private static let parts = 4

  private struct Buffers {
    let source, destination: TensorBuffer
    let sourceGradient, destinationGradient: TensorBuffer

    /// - Parameter first: the first of the images, whose numbers depend on it alone.
    init(_ from: ImageShape, _ to: ImageShape, first: Int, count: Int) throws {
      func make(_ shape: ImageShape) throws -> TensorBuffer {
        try TensorBuffer.activations(batch: count, shape: shape)
      }
      (source, sourceGradient) = (try make(from), try make(from))
      (destination, destinationGradient) = (try make(to), try make(to))
      source.fill(
        (first..<first + count).flatMap { normalNumbers(from.count, seed: UInt64($0)) })
      destinationGradient.fill(
        (first..<first + count).flatMap { normalNumbers(to.count, seed: UInt64(100 + $0)) })
    }
  }

  /// All images at once, and each part of them.
  private func buffers(
    _ from: ImageShape, _ to: ImageShape
  ) throws -> (whole: Buffers, parts: [Buffers]) {
    let count = Self.images / Self.parts
    return (
      try Buffers(from, to, first: 0, count: Self.images),
      try (0..<Self.parts).map { try Buffers(from, to, first: $0 * count, count: count) }
    )
  }

  /// Runs a primitive on one thread, all units at once or one after another in reverse.
  private func run(_ primitive: Primitive, reversed: Bool = false) throws {
    let size = (primitive.scratchpadBytes + 3) / 4
    if size > 0 { try primitive.use(scratchpad: try TensorBuffer.vector(count: size)) }
    let stages = primitive.stages.map { stage in
      !reversed
        ? stage
        : Stage { for unit in (0..<stage.units).reversed() { try stage.run(unit..<unit + 1) } }
    }
    try StagedProgram(stages, on: .one) { _ in }.run()
  }

  /// Whether the units of a primitive's first stage are the parts.
  private func isDivided(_ primitive: Primitive) -> Bool {
    primitive.stages.first?.units == Self.parts
  }

  /// A convolution with a bias, and its gradients: those of weights are the sums over the parts.
  @Test(arguments: [(1, 1, 32), (1, 2, 64), (3, 2, 21)])
  func convolution(size: Int, stride: Int, side: Int) throws {
    let from = ImageShape(height: side, width: side, channels: 64)
    let window = Window.same(kernel: size, stride: stride, over: from)
    let to = window.output(over: from, channels: 128)
    let (whole, parts) = try buffers(from, to)
    let count = size * size * 64 * 128
    let kernel = try TensorBuffer.convolutionKernel(
      from: whole.source, to: whole.destination, window: window, count: count)
    try kernel.pack(normalNumbers(count, seed: 7).map { 0.1 * $0 })
    let bias = try vector(normalNumbers(128, seed: 8))

    func forward(_ buffers: Buffers, reversed: Bool = false) throws -> [Float] {
      let primitive = try Primitive.convolution(
        buffers.source, kernel: kernel, bias: bias, to: buffers.destination, window: window,
        phase: .training, then: .relu(slope: 0))
      #expect(isDivided(primitive) == (buffers.source === whole.source))
      try run(primitive, reversed: reversed)
      return buffers.destination.contents
    }
    let results = try forward(whole)
    #expect(agree(results, try parts.flatMap { try forward($0) }.map(Double.init), to: 1e-5))
    #expect(results == (try forward(whole, reversed: true)))

    func data(_ buffers: Buffers) throws -> [Float] {
      let primitive = try Primitive.convolutionInputGradient(
        of: buffers.destinationGradient, kernel: kernel, to: buffers.sourceGradient,
        window: window, kernelChanges: true)
      try run(primitive)
      return buffers.sourceGradient.contents
    }
    #expect(
      agree(try data(whole), try parts.flatMap { try data($0) }.map(Double.init), to: 1e-5))

    func weights(_ buffers: Buffers, reversed: Bool = false) throws -> [Float] {
      let (kernelGradient, biasGradient) = (try kernel.alike(), try bias.alike())
      let primitive = try Primitive.convolutionParameterGradient(
        of: buffers.destinationGradient, source: buffers.source, kernelGradient: kernelGradient,
        biasGradient: biasGradient, window: window)
      try run(primitive, reversed: reversed)
      return try kernelGradient.unpack() + biasGradient.unpack()
    }
    var sums = [Double](repeating: 0, count: count + 128)
    for part in parts {
      for (index, value) in try weights(part).enumerated() { sums[index] += Double(value) }
    }
    let gradient = try weights(whole)
    #expect(agree(gradient, sums, to: 1e-5))
    #expect(gradient == (try weights(whole, reversed: true)))
  }

  /// The estimate of working memory holds the sums of a divided weight gradient, whose channels
  /// oneDNN may fill up to whole blocks; an undivided one has none.
  @Test(arguments: [
    (channels: 64, outputs: 128, groups: 1, size: 1, stride: 1),
    (channels: 64, outputs: 128, groups: 1, size: 3, stride: 2),
    (channels: 40, outputs: 72, groups: 1, size: 5, stride: 1),
    (channels: 64, outputs: 64, groups: 64, size: 5, stride: 1),
    (channels: 64, outputs: 64, groups: 2, size: 5, stride: 1),
  ])
  func sums(channels: Int, outputs: Int, groups: Int, size: Int, stride: Int) throws {
    func bytes(side: Int) throws -> (allocated: Int, estimated: Int, isDivided: Bool) {
      let from = ImageShape(height: side, width: side, channels: channels)
      var window = Window.same(kernel: size, stride: stride, over: from)
      window.groups = groups
      let to = window.output(over: from, channels: outputs)
      let source = try TensorBuffer.activations(batch: Self.images, shape: from)
      let gradient = try TensorBuffer.activations(batch: Self.images, shape: to)
      let kernel = try TensorBuffer.convolutionKernel(
        from: source, to: gradient, window: window,
        count: size * size * channels / groups * outputs)
      let primitive = try Primitive.convolutionParameterGradient(
        of: gradient, source: source, kernelGradient: kernel,
        biasGradient: try TensorBuffer.vector(count: outputs), window: window)
      return (
        primitive.sharedBytes,
        Primitive.convolutionWorkingBytes(
          batch: Self.images, from: from, to: outputs, window: window, threads: 1),
        isDivided(primitive)
      )
    }
    let large = try bytes(side: 96)
    #expect(large.isDivided && large.allocated > 0)
    // Blocks of 16 channels are assumed, and those of AVX2 have 8.
    #expect((large.allocated...4 * large.allocated).contains(large.estimated))
    let small = try bytes(side: 8)
    #expect(small.allocated == 0 && small.estimated == 0 && !small.isDivided)
  }

  /// Functions of each number, sums, and pooling of windows of which CKernels has none or oneDNN's
  /// may be faster: bit for bit.
  @Test func others() throws {
    let shape = ImageShape(height: 33, width: 32, channels: 64)
    let window = Window.same(kernel: 3, stride: 2, over: shape)
    let (whole, parts) = try buffers(shape, shape)
    func results(_ primitive: (Buffers) throws -> (Primitive, TensorBuffer)) throws {
      func result(_ buffers: Buffers) throws -> [Float] {
        let (primitive, result) = try primitive(buffers)
        try run(primitive)
        return result.contents
      }
      #expect(try result(whole) == parts.flatMap { try result($0) })
      #expect(isDivided(try primitive(whole).0))
    }
    try results {
      (try .elementwise(.sigmoid, $0.source, to: $0.destination), $0.destination)
    }
    try results {
      (
        try .elementwiseGradient(
          .tanh, of: $0.destinationGradient, source: $0.source, to: $0.sourceGradient),
        $0.sourceGradient
      )
    }
    try results {
      (
        try .sum($0.source, $0.destinationGradient, to: $0.destination, then: .relu(slope: 0)),
        $0.destination
      )
    }
    let pooled = window.output(over: shape, channels: 64)
    let (all, some) = try buffers(shape, pooled)
    func pooling(_ buffers: Buffers) throws -> [Float] {
      let (forward, positions) = try Primitive.pooling(
        .maximum, buffers.source, to: buffers.destination, window: window, phase: .training)
      let backward = try Primitive.poolingGradient(
        .maximum, of: buffers.destinationGradient, to: buffers.sourceGradient, window: window,
        positions: positions)
      try run(forward)
      try run(backward)
      return buffers.destination.contents + buffers.sourceGradient.contents
    }
    let found = try pooling(all)
    let expected = try some.map(pooling)
    let size = Self.images / Self.parts * pooled.count
    #expect(
      found == expected.flatMap { $0.prefix(size) } + expected.flatMap { $0.dropFirst(size) })
  }
}
