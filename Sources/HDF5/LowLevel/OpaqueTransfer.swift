import CHDF5

extension LibraryCall {
  /// Reads elements as their bytes in the file.
  ///
  /// - Precondition: `type` is opaque, so that nothing is converted, and the elements have `bytes`
  ///   bytes in total.
  func readOpaque(
    _ bytes: Int, type: Handle, from elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [UInt8] {
    guard bytes > 0 else { return [] }
    try requireMemory(bytes, operation)
    var result = [UInt8](repeating: 0, count: bytes)
    try call(operation, .readFailed) {
      result.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { elements.read(type.id, into: $0) } ?? 0
      }
    }
    return result
  }
}
