import Tensors

/// How the axes of a stored tensor become those of a parameter.
enum TensorTransform: Hashable {
  /// No change, except for axes of length 1.
  case none
  /// `[out, in, height, width]` to `[height, width, in, out]`.
  case convolution
  /// `[in × multiplier, 1, height, width]` to `[height, width, in, multiplier]`.
  case depthwise(multiplier: Int)
  /// `[out, in]` to `[in, out]`.
  case dense
  /// `[out, heads, size]` to `[heads × size, out]`.
  case denseFromHeads
  /// `[rows, width]` to a table that begins with so many more rows, of zeros.
  case afterZeros(rows: Int)
  /// `[out, in]` to `[in, out]`, if the inputs are an image that was flattened channel by
  /// channel and is now flattened pixel by pixel.
  case denseAfterFlatten(ImageShape)

  /// - Parameters:
  ///   - values: in the stored order, as many as `shape` says.
  ///   - shape: the stored shape, of as many axes as the case names.
  func apply(_ values: [Float], shape: [Int]) -> [Float] {
    switch self {
    case .none: values
    case .convolution: TensorTransform.moved(values, shape, order: [2, 3, 1, 0])
    case .depthwise(let multiplier):
      TensorTransform.moved(
        values, [shape[0] / multiplier, multiplier, shape[2], shape[3]], order: [2, 3, 0, 1])
    case .dense: TensorTransform.moved(values, [1, 1] + shape, order: [0, 1, 3, 2])
    case .denseFromHeads:
      TensorTransform.moved(
        values, [1, 1, shape[0], shape.dropFirst().reduce(1, *)], order: [0, 1, 3, 2])
    case .afterZeros(let rows):
      [Float](repeating: 0, count: rows * (shape.last ?? 0)) + values
    case .denseAfterFlatten(let image):
      TensorTransform.moved(
        values, [shape[0], image.channels, image.height, image.width], order: [2, 3, 1, 0])
    }
  }

  /// Four axes in another order: the new axis `i` is the old `order[i]`.
  private static func moved(_ values: [Float], _ shape: [Int], order: [Int]) -> [Float] {
    var strides = [1, 1, 1, 1]
    for axis in (0..<3).reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    let (lengths, steps) = (order.map { shape[$0] }, order.map { strides[$0] })
    var result: [Float] = []
    result.reserveCapacity(values.count)
    for a in 0..<lengths[0] {
      for b in 0..<lengths[1] {
        for c in 0..<lengths[2] {
          var source = a * steps[0] + b * steps[1] + c * steps[2]
          for _ in 0..<lengths[3] {
            result.append(values[source])
            source += steps[3]
          }
        }
      }
    }
    return result
  }
}
