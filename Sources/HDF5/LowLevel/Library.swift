import CHDF5
import Foundation

/// The process-wide state of libhdf5: one lock, set up once.
enum Library {
  /// Serialises every call.
  ///
  /// Some builds of libhdf5 are not thread-safe, and the dimension-scale functions are several
  /// calls each. Recursive, because a handle's `deinit` may fire inside a
  /// locked call, where a plain mutex would trap.
  private static let lock = NSRecursiveLock()

  /// Shuts the ways by which a file could make the library read another file or load code, and adds
  /// the one filter of our own.
  private static let prepared: Void = {
    H5open()
    H5PLset_loading_state(0)
    // Afterwards every path that leads through an external link is an error.
    H5Lunregister(H5L_TYPE_EXTERNAL)
    LZF.register()
  }()

  /// Runs `body` while no other thread is inside the library.
  static func locked<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    lock.lock()
    defer { lock.unlock() }
    _ = prepared
    // The setting belongs to the thread, so it has to be made on each one; it costs nanoseconds.
    H5Eset_auto2(ch5_default_stack(), nil, nil)
    return try body()
  }
}

/// Version of the libhdf5 in use, such as `1.10.8`.
package let libraryVersion: String = Library.locked {
  var major: UInt32 = 0
  var minor: UInt32 = 0
  var release: UInt32 = 0
  H5get_libversion(&major, &minor, &release)
  return "\(major).\(minor).\(release)"
}

/// Files, groups, datasets, types and attributes that are open in the process, for tests of leaks.
///
/// Count inside ``withoutOtherThreads(_:)``: otherwise other threads open and close theirs meanwhile.
package func openHandleCount() -> Int {
  Library.locked { Int(ch5_open_object_count()) }
}

/// Runs `body` while every other thread that needs the library waits.
package func withoutOtherThreads<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try Library.locked(body)
}
