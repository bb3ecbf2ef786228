import Tensors
import Testing

/// Maximum and average pooling, and their gradients, against sums and comparisons written out in
/// double precision.
struct PoolingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let height, width, channels, window, stride: Int
    let isPadded: Bool
    var testDescription: String {
      "\(height)x\(width)x\(channels), \(window) by \(stride)\(isPadded ? ", padded" : "")"
    }
  }

  /// Adjacent and overlapping windows, global ones, odd sides, and channels that fill no vector.
  static let cases =
    [(2, 2, false), (3, 2, true), (3, 1, true), (2, 3, false)].flatMap {
      window, stride, isPadded in
      [(3, 5), (8, 8), (16, 7)].flatMap { height, width in
        [1, 3, 16, 21, 64].map {
          Case(
            height: height, width: width, channels: $0, window: window, stride: stride,
            isPadded: isPadded)
        }
      }
    }
    + [1, 4, 33].map {
      Case(height: 7, width: 7, channels: $0, window: 7, stride: 1, isPadded: false)
    }

  @Test(arguments: cases, [PoolingKind.maximum, .average])
  func pools(_ pooling: Case, kind: PoolingKind) throws {
    let shape = ImageShape(
      height: pooling.height, width: pooling.width, channels: pooling.channels)
    let window =
      pooling.isPadded
      ? Window.same(kernel: pooling.window, stride: pooling.stride, over: shape)
      : Window.valid(height: pooling.window, width: pooling.window, stride: pooling.stride)
    let pooled = window.output(over: shape, channels: shape.channels)
    let source = try TensorBuffer.activations(batch: 2, shape: shape)
    let destination = try TensorBuffer.activations(batch: 2, shape: pooled)
    let values = normalNumbers(2 * shape.count, seed: 1)
    source.fill(values)
    let (forward, positions) = try Primitive.pooling(
      kind, source, to: destination, window: window, phase: .training)
    try forward.run()

    let gradient = try TensorBuffer.activations(batch: 2, shape: pooled)
    let slopes = normalNumbers(2 * pooled.count, seed: 2)
    gradient.fill(slopes)
    let sourceGradient = try TensorBuffer.activations(batch: 2, shape: shape)
    try Primitive.poolingGradient(
      kind, of: gradient, to: sourceGradient, window: window, positions: positions
    ).run()

    let expected = Self.reference(
      kind, values, slopes, shape: shape, pooled: pooled, window: window)
    #expect(agree(destination.contents, expected.values))
    #expect(agree(sourceGradient.contents, expected.gradient))
    if kind == .maximum {
      let inference = try Primitive.pooling(
        kind, source, to: gradient, window: window, phase: .inference)
      try inference.0.run()
      #expect(gradient.contents == destination.contents)
    }
  }

  /// The pooled values of two images, and the gradient of the images.
  static func reference(
    _ kind: PoolingKind, _ values: [Float], _ slopes: [Float], shape: ImageShape,
    pooled: ImageShape, window: Window
  ) -> (values: [Double], gradient: [Double]) {
    var result: [Double] = []
    var gradient = [Double](repeating: 0, count: values.count)
    for image in 0..<2 {
      for row in 0..<pooled.height {
        for column in 0..<pooled.width {
          for channel in 0..<pooled.channels {
            var places: [Int] = []
            for y in 0..<window.kernelHeight {
              for x in 0..<window.kernelWidth {
                let (r, c) = (
                  row * window.strideHeight - window.padTop + y,
                  column * window.strideWidth - window.padLeft + x
                )
                guard (0..<shape.height).contains(r), (0..<shape.width).contains(c) else {
                  continue
                }
                places.append(
                  ((image * shape.height + r) * shape.width + c) * shape.channels + channel)
              }
            }
            let slope = Double(slopes[result.count])
            switch kind {
            case .maximum:
              let largest = places.reduce(places[0]) { values[$1] > values[$0] ? $1 : $0 }
              result.append(Double(values[largest]))
              gradient[largest] += slope
            case .average:
              let sum = places.reduce(0.0) { $0 + Double(values[$1]) }
              result.append(sum / Double(places.count))
              for place in places { gradient[place] += slope / Double(places.count) }
            }
          }
        }
      }
    }
    return (result, gradient)
  }
}
