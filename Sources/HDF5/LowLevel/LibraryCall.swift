import CHDF5

/// Checked calls of libhdf5, with the file and object that its errors name.
///
/// Every call takes the lock, checks the status, and copies the error stack before it releases the
/// lock.
struct LibraryCall {
  let file: String
  let object: String?

  /// Calls for another object of the same file.
  func to(_ object: String) -> LibraryCall { LibraryCall(file: file, object: object) }

  func error(_ code: HDF5Error.Code, _ operation: String, _ messages: [String]) -> HDF5Error {
    HDF5Error(code: code, operation: operation, file: file, object: object, messages: messages)
  }

  func error(_ code: HDF5Error.Code, _ operation: String, _ message: String) -> HDF5Error {
    error(code, operation, [message])
  }

  /// Makes one call and throws if its status is negative.
  @discardableResult
  func call<Status: BinaryInteger>(
    _ operation: String, _ code: HDF5Error.Code, _ function: () -> Status
  ) throws(HDF5Error) -> Status {
    try Library.locked { () throws(HDF5Error) -> Status in
      let status = function()
      guard status >= 0 else { throw error(code, operation, ErrorStack.takeMessages()) }
      return status
    }
  }

  /// Makes one call that returns an identifier, and takes ownership of the identifier.
  func open(
    _ operation: String, _ code: HDF5Error.Code, closedBy close: @escaping (hid_t) -> herr_t,
    _ function: () -> hid_t
  ) throws(HDF5Error) -> Handle {
    try Library.locked { () throws(HDF5Error) -> Handle in
      Handle(try call(operation, code, function), close: close)
    }
  }
}
