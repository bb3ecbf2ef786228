package import Tensors

/// The mean of each window, per channel, as Keras' `AveragePooling2D`; padding does not count.
package struct AveragePool2D: MovingPool, Hashable {
  package let poolSize: Size2D
  package let strides: Size2D
  package let padding: Padding

  package init(poolSize: Size2D, strides: Size2D, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
  }

  package var kerasClass: String { "AveragePooling2D" }
  package var kind: PoolingKind { .average }
}
