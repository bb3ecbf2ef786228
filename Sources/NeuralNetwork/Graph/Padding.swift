package import Tensors

/// The zeros around an image while a window slides over it.
package enum Padding: Sendable, Hashable {
  /// No padding: only complete windows count.
  case valid
  /// Padding such that the output has ceil(size / stride) positions; an odd row or column is added
  /// at the end, as in Keras and TensorFlow.
  case same
  case explicit(top: Int, left: Int, bottom: Int, right: Int)

  package func window(_ window: Window, over shape: ImageShape) -> Window {
    switch self {
    case .valid: window
    case .same: window.samePadded(over: shape)
    case .explicit(let top, let left, let bottom, let right):
      window.padded(top: top, left: left, bottom: bottom, right: right)
    }
  }

  var isValid: Bool {
    guard case .explicit(let top, let left, let bottom, let right) = self else { return true }
    return [top, left, bottom, right].allSatisfy { (0...SizeLimit.padding).contains($0) }
  }
}
