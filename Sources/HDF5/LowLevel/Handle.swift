import CHDF5

/// Owns one identifier of libhdf5 and closes it once.
final class Handle {
  /// The identifier, invalid after ``release()``: the library then rejects every use.
  private(set) var id: hid_t
  private let close: (hid_t) -> herr_t

  init(_ id: hid_t, close: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.close = close
  }

  /// A placeholder for an object that another process has open: the library rejects every use.
  static func nowhere() -> Handle { Handle(ch5_nothing()) { _ in 0 } }

  /// Closes the identifier now and returns the library's status.
  func release() -> herr_t {
    Library.locked {
      guard id >= 0 else { return 0 }
      defer { id = ch5_nothing() }
      return close(id)
    }
  }

  deinit { _ = release() }
}
