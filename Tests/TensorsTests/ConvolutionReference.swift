import Tensors
import Testing

/// The size of a 3×3 convolution of a test.
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  let height, width, inputs, outputs: Int
  var testDescription: String { "\(height)x\(width), \(inputs) to \(outputs)" }
}

/// The buffers of a convolution, filled with random numbers.
struct ConvolutionBuffers {
  let input, output: ImageShape
  let window: Window
  let source, kernel, bias, destination, gradient: TensorBuffer

  init(_ convolution: ConvolutionCase, batch: Int) throws {
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
struct ConvolutionReference {
  private(set) var values: [Double] = []
  private(set) var sourceGradient, kernelGradient, biasGradient: [Double]

  init(_ shape: ConvolutionCase, layer: ConvolutionBuffers, batch: Int) {
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

  /// The largest value of each window of 2×2 pixels, at least 0.
  func pooled(_ shape: ConvolutionCase) -> [Double] {
    let images = values.count / (shape.height * shape.width * shape.outputs)
    var result: [Double] = []
    for image in 0..<images {
      for (row, column) in (0..<shape.height / 2).flatMap({ row in
        (0..<shape.width / 2).map { (row, $0) }
      }) {
        for output in 0..<shape.outputs {
          let window = (0..<4).map { pixel in
            let (y, x) = (2 * row + pixel / 2, 2 * column + pixel % 2)
            return values[((image * shape.height + y) * shape.width + x) * shape.outputs + output]
          }
          result.append(max(0, window.max() ?? 0))
        }
      }
    }
    return result
  }
}
