import CHDF5

extension Door {
  /// Reads `count` numbers.
  func readNumbers<T: HDF5Number>(
    _ count: Int, as type: T.Type, from elements: Elements, _ operation: String
  ) throws(HDF5Error) -> [T] {
    guard count > 0 else { return [] }
    var failure: HDF5Error?
    let values = [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      // The library leaves elements alone that were never written and have no fill value.
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      initialized = count
      guard let start = bytes.baseAddress else { return }
      do throws(HDF5Error) {
        try call(operation, .readFailed) { elements.read(T.numberKind.memoryType, into: start) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Writes numbers; bytes of a text come with the type of that text.
  func writeNumbers<T: HDF5Number>(
    _ values: [T], to elements: Elements, asText type: Handle? = nil, _ operation: String
  ) throws(HDF5Error) {
    try call(operation, .writeFailed) {
      values.withUnsafeBytes { bytes in
        bytes.baseAddress.map {
          elements.write(type?.id ?? T.numberKind.memoryType, from: $0)
        } ?? 0
      }
    }
  }
}
