package import Tensors

/// The largest value of each window, per channel, as Keras' `MaxPooling2D`; padding never counts as
/// the largest value.
///
/// Output `[batch, height', width', channels]`. With "valid" padding, rows and columns that do not
/// fill a window are dropped.
package struct MaxPool2D: MovingPool, Hashable {
  package let poolSize: Size2D
  package let strides: Size2D
  package let padding: Padding

  package init(poolSize: Size2D, strides: Size2D, padding: Padding = .valid) {
    self.poolSize = poolSize
    self.strides = strides
    self.padding = padding
  }

  /// Adjacent square windows without padding.
  package init(size: Int = 2) { self.init(poolSize: Size2D(size), strides: Size2D(size)) }

  package var kerasClass: String { "MaxPooling2D" }
  package var kind: PoolingKind { .maximum }
}
