/// Plain numbers with a shape: how parameters travel between files and programs.
package struct Tensor: Sendable, Hashable {
  /// Axis lengths in storage order, slowest first; empty for a single number.
  package let shape: [Int]
  /// `shape`'s product of numbers, in C order.
  package var values: [Float]

  /// - Precondition: `values.count` is the product of `shape`.
  package init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "as many values as the shape says")
    self.shape = shape
    self.values = values
  }

  package init(repeating value: Float, shape: [Int]) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }
}
