import COneDNN

/// How the value of a pooling window is computed.
package enum PoolingKind: Sendable {
  case maximum, average

  var c: onednn_pool_kind { self == .maximum ? onednn_pool_max : onednn_pool_average }
}

extension Primitive {
  /// Maximum or average pooling.
  ///
  /// - Returns: the primitive and, for maximum pooling in training, the positions of the maxima for
  ///   the backward pass.
  package static func pooling(
    _ kind: PoolingKind, _ source: TensorBuffer, to destination: TensorBuffer, window: Window,
    phase: Phase
  ) throws(ComputeError) -> (Primitive, positions: TensorBuffer?) {
    var positions: OpaquePointer?
    let handle = withUnsafeMutablePointer(to: &positions) {
      onednn_pool_forward(
        kind.c, source.handle, destination.handle, window.c, phase == .training ? $0 : nil)
    }
    let primitive = try Primitive(handle, "pooling forward")
    return (primitive, positions.map { TensorBuffer(adopting: $0) })
  }

  package static func poolingGradient(
    _ kind: PoolingKind, of destinationGradient: TensorBuffer, to sourceGradient: TensorBuffer,
    window: Window, positions: TensorBuffer?
  ) throws(ComputeError) -> Primitive {
    try Primitive(
      onednn_pool_backward(
        kind.c, destinationGradient.handle, sourceGradient.handle, window.c, positions?.handle),
      "pooling backward")
  }
}
