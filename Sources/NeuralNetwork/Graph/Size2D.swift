/// A height and a width, such as those of a kernel or a stride.
package struct Size2D: Sendable, Hashable {
  package let height: Int
  package let width: Int

  package init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The same size in both directions.
  package init(_ both: Int) { self.init(height: both, width: both) }

  /// Whether the size is valid for a window, a stride, a dilation or a factor.
  var isUsable: Bool {
    (1...SizeLimit.window).contains(height) && (1...SizeLimit.window).contains(width)
  }
}

extension Size2D: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(value) }
}

extension Size2D: CustomStringConvertible {
  package var description: String { "\(height)×\(width)" }
}
