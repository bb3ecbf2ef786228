import CHDF5
import Foundation

/// The process-wide state of libhdf5: one lock, and settings that are made once.
enum Library {
  /// The lock that serialises all calls.
  ///
  /// Some builds of libhdf5 are not thread-safe, and each dimension-scale function makes several
  /// calls. The lock is recursive, since the `deinit` of a handle may run inside a locked call,
  /// where a plain mutex would trap.
  private static let lock = NSRecursiveLock()

  /// Prevents files from making the library read other files or load code, and registers ``LZF``.
  private static let prepared: Void = {
    H5open()
    H5PLset_loading_state(0)
    // After this, every path through an external link is an error.
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
    // Automatic printing of errors is a setting of the thread, so it is turned off on each one;
    // that takes nanoseconds.
    H5Eset_auto2(ch5_default_stack(), nil, nil)
    return try body()
  }
}

/// The version of the loaded libhdf5, such as `1.10.8`.
package let libraryVersion: String = Library.locked {
  var major: UInt32 = 0
  var minor: UInt32 = 0
  var release: UInt32 = 0
  H5get_libversion(&major, &minor, &release)
  return "\(major).\(minor).\(release)"
}

/// The number of files, groups, datasets, types and attributes that are open in the process, for
/// tests of leaks.
///
/// Call it inside ``withoutOtherThreads(_:)``, since other threads may open and close objects.
package func openHandleCount() -> Int {
  Library.locked { Int(ch5_open_object_count()) }
}

/// Runs `body` while all other threads that call the library wait.
package func withoutOtherThreads<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  try Library.locked(body)
}
