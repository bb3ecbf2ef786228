import CHDF5

extension Door {
  /// Reads `count` numbers with a call that fills raw memory of the type it is given.
  func readNumbers<T: HDF5Number>(
    _ count: Int, as type: T.Type, _ operation: String,
    _ read: (_ memoryType: hid_t, _ buffer: UnsafeMutableRawPointer) -> herr_t
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
        try call(operation, .readFailed) { read(T.numberKind.memoryType, start) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return values
  }

  /// Writes numbers with a call that takes raw memory of the type it is given.
  func writeNumbers<T: HDF5Number>(
    _ values: [T], _ operation: String,
    _ write: (_ memoryType: hid_t, _ buffer: UnsafeRawPointer) -> herr_t
  ) throws(HDF5Error) {
    try call(operation, .writeFailed) {
      values.withUnsafeBytes { bytes in
        bytes.baseAddress.map { write(T.numberKind.memoryType, $0) } ?? 0
      }
    }
  }
}
