import Tensors
import Testing

/// Packing into oneDNN's layouts and views of buffers.
struct TensorBufferTests {
  private static let channels = [1, 3, 10, 17]

  /// Convolution kernels come out of their layout as they went in, for channel counts that no
  /// vector register divides.
  @Test(arguments: channels, channels)
  func convolutionKernels(inputs: Int, outputs: Int) throws {
    let shape = ImageShape(height: 9, width: 7, channels: inputs)
    let window = Window.same(kernel: 3, stride: 1, over: shape)
    let source = try TensorBuffer.activations(batch: 2, shape: shape)
    let destination = try TensorBuffer.activations(
      batch: 2, shape: window.output(over: shape, channels: outputs))
    let values = normalNumbers(9 * inputs * outputs, seed: 1)
    let kernel = try TensorBuffer.convolutionKernel(
      from: source, to: destination, window: window, count: values.count)
    try kernel.pack(values)
    #expect(try kernel.unpack() == values)
  }

  /// Dense kernels come out of their layout as they went in.
  @Test(arguments: channels, channels)
  func denseKernels(inputs: Int, outputs: Int) throws {
    let source = try TensorBuffer.activations(batch: 3, shape: .vector(inputs))
    let destination = try TensorBuffer.activations(batch: 3, shape: .vector(outputs))
    let values = normalNumbers(inputs * outputs, seed: 2)
    let kernel = try TensorBuffer.denseKernel(from: source, to: destination, count: values.count)
    try kernel.pack(values)
    #expect(try kernel.unpack() == values)
  }

  /// Packing keeps every bit: signed zeros, subnormal numbers, infinities and NaN included.
  @Test func oddNumbers() throws {
    let values: [Float] = [-0.0, .leastNonzeroMagnitude, -.infinity, .nan, 3e38]
    let unpacked = try vector(values).unpack()
    #expect(unpacked.map(\.bitPattern) == values.map(\.bitPattern))
  }

  /// The kernel's axes are [height, width, in, out]: a kernel with a single one in it copies that
  /// input channel, shifted by one pixel, to that output channel.
  @Test func kernelAxes() throws {
    let shape = ImageShape(height: 3, width: 4, channels: 2)
    let window = Window.same(kernel: 3, stride: 1, over: shape)
    let outputShape = window.output(over: shape, channels: 3)
    let source = try TensorBuffer.activations(batch: 1, shape: shape)
    let destination = try TensorBuffer.activations(batch: 1, shape: outputShape)
    source.fill((1...24).map(Float.init))
    var values = [Float](repeating: 0, count: 3 * 3 * 2 * 3)
    // Row 1, column 2, from channel 1 to channel 2.
    values[((1 * 3 + 2) * 2 + 1) * 3 + 2] = 1
    let kernel = try TensorBuffer.convolutionKernel(
      from: source, to: destination, window: window, count: values.count)
    try kernel.pack(values)
    try Primitive.convolution(
      source, kernel: kernel, bias: nil, to: destination, window: window, phase: .inference
    ).runAlone()
    var expected = [Float](repeating: 0, count: outputShape.count)
    for row in 0..<3 {
      for column in 0..<3 {
        expected[(row * 4 + column) * 3 + 2] = Float((row * 4 + column + 1) * 2 + 1 + 1)
      }
    }
    #expect(destination.contents == expected)
  }

  /// The wrong number of values is an error and not an overrun.
  @Test func wrongCount() throws {
    let buffer = try TensorBuffer.vector(count: 4)
    #expect(throws: ComputeError.self) { try buffer.pack([1, 2, 3]) }
    #expect(throws: ComputeError.self) { try buffer.pack([1, 2, 3, 4, 5]) }
  }

  /// New buffers hold zeros and count their bytes.
  @Test func newBuffers() throws {
    let shape = ImageShape(height: 3, width: 5, channels: 7)
    let buffer = try TensorBuffer.activations(batch: 2, shape: shape)
    #expect(buffer.count == 210 && buffer.bytes == 840)
    #expect(buffer.contents == [Float](repeating: 0, count: 210))
  }

  /// A view shares the memory of its source, outlives it, and costs no bytes.
  @Test func views() throws {
    var source: TensorBuffer? = try TensorBuffer.activations(
      batch: 2, shape: ImageShape(height: 2, width: 3, channels: 1))
    let view = try #require(try source?.reshaped(batch: 2, shape: .vector(6)))
    source?.fill((0..<12).map(Float.init))
    source = nil
    #expect(view.contents == (0..<12).map(Float.init))
    #expect(view.bytes == 0)
  }

  /// A view of another size is an error.
  @Test func misfittingViews() throws {
    let source = try TensorBuffer.activations(batch: 2, shape: .vector(6))
    #expect(throws: ComputeError.self) { try source.reshaped(batch: 2, shape: .vector(5)) }
  }

  /// What oneDNN refuses is an error with its words: a window larger than the padded image.
  @Test func refusedComputations() throws {
    let buffer = try TensorBuffer.activations(
      batch: 1, shape: ImageShape(height: 2, width: 2, channels: 1))
    let window = Window.valid(height: 3, width: 3, stride: 1)
    #expect {
      _ = try Primitive.pooling(.maximum, buffer, to: buffer, window: window, phase: .inference)
    } throws: {
      guard let error = $0 as? ComputeError else { return false }
      return error.operation == "pooling forward" && !error.reason.isEmpty
    }
  }
}

extension ImageShape {
  static func vector(_ count: Int) -> ImageShape {
    ImageShape(height: 1, width: 1, channels: count)
  }
}

extension Primitive {
  /// Runs with working memory of its own.
  func runAlone() throws {
    if scratchpadBytes > 0 {
      try use(scratchpad: try TensorBuffer.vector(count: (scratchpadBytes + 3) / 4))
    }
    try run()
  }
}
