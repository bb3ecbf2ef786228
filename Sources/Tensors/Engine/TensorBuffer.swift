import COneDNN

/// Aligned memory for numbers, with a shape and a layout that oneDNN may choose.
///
/// A class because it owns memory. Activations are `[batch, height, width, channels]` in plain
/// order; parameters are in oneDNN's layout and are converted by ``pack(_:)`` and ``unpack()``. Not
/// for use by two threads at the same time.
package final class TensorBuffer {
  let handle: OpaquePointer
  /// Number of values, not counting the padding of the layout.
  package let count: Int
  /// Size in memory, including the padding of the layout; 0 for a view of another buffer.
  package let bytes: Int
  /// The buffer that this one is a view of.
  private let source: TensorBuffer?

  private init(
    _ handle: OpaquePointer?, count: Int, viewOf source: TensorBuffer? = nil
  ) throws(ComputeError) {
    guard let handle else { throw .last("buffer") }
    self.handle = handle
    self.count = count
    self.source = source
    bytes = source == nil ? onednn_buffer_bytes(handle) : 0
  }

  /// The buffer that owns the memory: this one, or the one that it is a view of.
  package var root: TensorBuffer { source ?? self }

  deinit { onednn_buffer_release(handle) }

  /// Zero-filled activations `[batch, height, width, channels]`.
  package static func activations(
    batch: Int, shape: ImageShape
  ) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(
      onednn_buffer_activations(
        Int64(batch), Int64(shape.height), Int64(shape.width), Int64(shape.channels)),
      count: batch * shape.count)
  }

  /// A view of the memory as activations of another shape with the same number of values.
  package func reshaped(batch: Int, shape: ImageShape) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(
      onednn_buffer_reshaped(
        handle, Int64(batch), Int64(shape.height), Int64(shape.width), Int64(shape.channels)),
      count: batch * shape.count, viewOf: root)
  }

  /// Activations without memory, for computations that are created before their memory is planned.
  ///
  /// - Precondition: the values are not accessed before ``place(in:at:)``.
  package static func unplacedActivations(
    batch: Int, shape: ImageShape
  ) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(
      onednn_buffer_unplaced_activations(
        Int64(batch), Int64(shape.height), Int64(shape.width), Int64(shape.channels)),
      count: batch * shape.count)
  }

  /// A buffer of the same shape and layout without memory, for ``place(in:at:)``.
  package func unplacedAlike() throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(onednn_buffer_unplaced_like(handle), count: count)
  }

  /// Sets the memory of the buffer and its views: the part of `arena` that starts at `offset`
  /// bytes, which other buffers may use at other times.
  package func place(in arena: TensorBuffer, at offset: Int) throws(ComputeError) {
    guard onednn_buffer_place(handle, arena.handle, offset) == 0 else { throw .last("placing") }
  }

  /// A zero-filled vector `[count]`.
  package static func vector(count: Int) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(onednn_buffer_vector(Int64(count)), count: count)
  }

  /// A view of consecutive numbers in the memory of the buffer, as a vector that starts at `offset`
  /// bytes.
  package func stretch(at offset: Int, count: Int) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(
      onednn_buffer_stretch(handle, offset, Int64(count)), count: count, viewOf: root)
  }

  /// A convolution kernel in the layout that is fastest for these activations: `[height, width, in
  /// / groups, out]`, or `[height, width, in, multiplier]` with one group per input channel.
  package static func convolutionKernel(
    from source: TensorBuffer, to destination: TensorBuffer, window: Window, count: Int
  ) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(
      onednn_buffer_convolution_kernel(source.handle, destination.handle, window.c), count: count)
  }

  /// A dense kernel `[in, out]` in the layout that is fastest for these activations.
  package static func denseKernel(
    from source: TensorBuffer, to destination: TensorBuffer, count: Int
  ) throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(onednn_buffer_dense_kernel(source.handle, destination.handle), count: count)
  }

  /// A zero-filled buffer of the same shape and layout.
  package func alike() throws(ComputeError) -> TensorBuffer {
    try TensorBuffer(onednn_buffer_like(handle), count: count)
  }

  /// A buffer of the same shape and layout with these values, given in the order of the files.
  package func alike(holding values: [Float]) throws(ComputeError) -> TensorBuffer {
    let buffer = try alike()
    try buffer.pack(values)
    return buffer
  }

  /// Wraps a buffer that an operation allocated, such as a pooling workspace.
  init(adopting handle: OpaquePointer) {
    self.handle = handle
    source = nil
    bytes = onednn_buffer_bytes(handle)
    count = bytes
  }

  /// Replaces the contents with values in the order of the files.
  ///
  /// - Precondition: `values.count == count`.
  package func pack(_ values: [Float]) throws(ComputeError) {
    guard onednn_buffer_pack(handle, values, values.count) == 0 else { throw .last("pack") }
  }

  /// The contents in the order of the files.
  package func unpack() throws(ComputeError) -> [Float] {
    var values = [Float](repeating: 0, count: count)
    guard onednn_buffer_unpack(handle, &values, count) == 0 else { throw .last("unpack") }
    return values
  }

  /// Calls `body` with the memory itself, including the padding of the layout, in the layout's
  /// order.
  package func withStorage<R>(_ body: (UnsafeMutableBufferPointer<Float>) throws -> R) rethrows -> R
  {
    try body(storage)
  }

  var storage: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(
      start: onednn_buffer_data(handle),
      count: onednn_buffer_bytes(handle) / MemoryLayout<Float>.stride)
  }
}
