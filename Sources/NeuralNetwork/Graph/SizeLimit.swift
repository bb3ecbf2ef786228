import Tensors

/// Upper limits for the parts of a network, so that sizes from a damaged file neither overflow an
/// integer nor request absurd amounts of memory.
enum SizeLimit {
  /// The largest number of values of one example's activations, or of one parameter: 8 GiB.
  static let values = 1 << 31
  /// The largest kernel, stride, dilation or factor in one direction.
  static let window = 1 << 12
  /// The largest number of rows or columns of padding on one side.
  static let padding = 1 << 24

  static func allows(_ shape: ImageShape) -> Bool {
    allows([shape.height, shape.width, shape.channels])
  }

  /// Whether all lengths are positive and their product is within the limit.
  static func allows(_ lengths: [Int]) -> Bool {
    var product = 1
    for length in lengths {
      guard (1...values).contains(length) else { return false }
      product *= length
      guard product <= values else { return false }
    }
    return true
  }
}
