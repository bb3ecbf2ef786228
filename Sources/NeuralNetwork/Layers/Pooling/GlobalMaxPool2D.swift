package import Tensors

/// The largest value over height and width, per channel: `[batch, 1, 1, channels]`.
package struct GlobalMaxPool2D: GlobalPool, Hashable {
  package init() {}

  package var kerasClass: String { "GlobalMaxPooling2D" }
  package var kind: PoolingKind { .maximum }
}
