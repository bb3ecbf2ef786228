import COneDNN

extension Primitive {
  /// Copies numbers that are in the order of the files at the start of a buffer's memory into the
  /// layout of another buffer.
  package static func pack(
    _ values: TensorBuffer, into destination: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(onednn_pack(values.handle, destination.handle), "pack")
  }

  /// Copies the numbers of a buffer, in the order of the files, to the start of another buffer's
  /// memory.
  package static func unpack(
    _ source: TensorBuffer, into values: TensorBuffer
  ) throws(ComputeError) -> Primitive {
    try Primitive(onednn_unpack(source.handle, values.handle), "unpack")
  }
}
