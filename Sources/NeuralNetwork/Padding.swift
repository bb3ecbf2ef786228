package import Tensors

/// What stands around an image while a window slides over it.
package enum Padding: Sendable, Hashable {
  /// Nothing: only whole windows count.
  case valid
  /// As much that the output has ceil(size / stride) positions; the odd row or column comes at the
  /// end, as in Keras and TensorFlow.
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
