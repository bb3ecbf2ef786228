package import Tensors

/// The mean over height and width, per channel: `[batch, 1, 1, channels]`.
package struct GlobalAveragePool2D: GlobalPool, Hashable {
  package init() {}

  package var kerasClass: String { "GlobalAveragePooling2D" }
  package var kind: PoolingKind { .average }
}
