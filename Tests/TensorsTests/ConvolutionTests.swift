import Tensors
import Testing

/// 3×3 convolutions and their gradients, against sums written out in double precision.
struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let height, width, inputs, outputs: Int
    var testDescription: String { "\(height)x\(width), \(inputs) to \(outputs)" }
  }

  /// Sides that fill whole tiles of four pixels and sides that do not; channels that fill vectors
  /// and channels that do not; few channels, which are convolved directly.
  static let cases = [(1, 1), (3, 4), (5, 7), (8, 8), (9, 18)].flatMap { height, width in
    [(1, 16), (3, 8), (8, 8), (16, 16), (16, 33), (40, 24), (70, 64)].map { inputs, outputs in
      Case(height: height, width: width, inputs: inputs, outputs: outputs)
    }
  }

  private static let batch = 3

  @Test(arguments: cases)
  func convolves(_ convolution: Case) throws {
    let layer = try Layer(convolution, batch: Self.batch)
    let expected = Reference(convolution, layer: layer, batch: Self.batch)

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
    let convolution = Case(height: 9, width: 8, inputs: 16, outputs: 32)
    let (many, one) = (try Layer(convolution, batch: 5), try Layer(convolution, batch: 1))
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
    let layer = try Layer(Case(height: 8, width: 8, inputs: 16, outputs: 16), batch: 1)
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
  }

  private func run(_ primitive: Primitive) throws {
    if primitive.scratchpadBytes > 0 {
      try primitive.use(scratchpad: .vector(count: (primitive.scratchpadBytes + 3) / 4))
    }
    try primitive.run()
  }
}

/// The buffers of a convolution, filled with random numbers.
private struct Layer {
  let input, output: ImageShape
  let window: Window
  let source, kernel, bias, destination, gradient: TensorBuffer

  init(_ convolution: ConvolutionTests.Case, batch: Int) throws {
    input = ImageShape(
      height: convolution.height, width: convolution.width, channels: convolution.inputs)
    output = ImageShape(
      height: convolution.height, width: convolution.width, channels: convolution.outputs)
    window = .same(kernel: 3, stride: 1, over: input)
    source = try .activations(batch: batch, shape: input)
    source.fill(normalNumbers(batch * input.count, seed: 1))
    destination = try .activations(batch: batch, shape: output)
    gradient = try .activations(batch: batch, shape: output)
    gradient.fill(normalNumbers(batch * output.count, seed: 2))
    let weights = 9 * convolution.inputs * convolution.outputs
    kernel = try .convolutionKernel(
      from: source, to: destination, window: window, count: weights)
    try kernel.pack(normalNumbers(weights, seed: 3))
    bias = try vector(normalNumbers(convolution.outputs, seed: 4))
  }
}

/// A convolution in double precision.
private struct Reference {
  private(set) var values: [Double] = []
  private(set) var sourceGradient, kernelGradient, biasGradient: [Double]

  init(_ shape: ConvolutionTests.Case, layer: Layer, batch: Int) {
    let (inputs, outputs) = (shape.inputs, shape.outputs)
    let source = normalNumbers(batch * layer.input.count, seed: 1).map(Double.init)
    let gradient = normalNumbers(batch * layer.output.count, seed: 2).map(Double.init)
    let kernel = normalNumbers(9 * inputs * outputs, seed: 3).map(Double.init)
    let bias = normalNumbers(outputs, seed: 4).map(Double.init)
    sourceGradient = [Double](repeating: 0, count: source.count)
    kernelGradient = [Double](repeating: 0, count: kernel.count)
    biasGradient = [Double](repeating: 0, count: outputs)
    values = [Double](repeating: 0, count: gradient.count)
    for pixel in 0..<batch * shape.height * shape.width {
      let (row, column) = (pixel / shape.width % shape.height, pixel % shape.width)
      for output in 0..<outputs {
        values[pixel * outputs + output] = bias[output]
        biasGradient[output] += gradient[pixel * outputs + output]
      }
      for tap in 0..<9 {
        let (y, x) = (tap / 3 - 1, tap % 3 - 1)
        guard (0..<shape.height).contains(row + y), (0..<shape.width).contains(column + x) else {
          continue
        }
        let from = (pixel + y * shape.width + x) * inputs
        for input in 0..<inputs {
          let weights = (tap * inputs + input) * outputs
          var sum = 0.0
          for output in 0..<outputs {
            let slope = gradient[pixel * outputs + output]
            values[pixel * outputs + output] += source[from + input] * kernel[weights + output]
            kernelGradient[weights + output] += source[from + input] * slope
            sum += kernel[weights + output] * slope
          }
          sourceGradient[from + input] += sum
        }
      }
    }
  }
}
