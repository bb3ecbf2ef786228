/// Numbers with a shape, in which parameters are passed between files and programs.
package struct Tensor: Sendable, Hashable {
  /// Axis lengths in storage order, slowest first; empty for a single number.
  package let shape: [Int]
  /// The values in C order; their number is the product of `shape`.
  package var values: [Float]

  /// - Precondition: `values.count` is the product of `shape`.
  package init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "the shape has another number of values")
    self.shape = shape
    self.values = values
  }

  package init(repeating value: Float, shape: [Int]) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }
}
