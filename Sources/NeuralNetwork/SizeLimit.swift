import Tensors

/// How large the parts of a network may be, so that sizes from a damaged file neither overflow an
/// integer nor ask for absurd memory.
enum SizeLimit {
  /// Values of one example's activations, or of one parameter: 8 GiB.
  static let values = 1 << 31
  /// Of a kernel, stride, dilation or factor in one direction.
  static let window = 1 << 12
  /// Rows or columns of padding on one side.
  static let padding = 1 << 24

  static func allows(_ shape: ImageShape) -> Bool {
    allows([shape.height, shape.width, shape.channels])
  }

  /// Whether all lengths are positive and their product is not too large.
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
