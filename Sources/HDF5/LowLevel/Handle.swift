import CHDF5

/// Owns one identifier of libhdf5 and closes it once.
final class Handle {
  /// Invalid after ``release()``; the library then answers every use with an error.
  private(set) var id: hid_t
  private let close: (hid_t) -> herr_t

  init(_ id: hid_t, close: @escaping (hid_t) -> herr_t) {
    self.id = id
    self.close = close
  }

  /// Stands for what another process has open: every use of it is an error of the library.
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
