import CHDF5
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension HDF5File {
  /// Writes a whole file atomically whose large datasets memory need not hold: they are written by
  /// rows.
  ///
  /// The space on the disk is reserved before the library writes to it (on Linux), since a disk
  /// that fills up meanwhile would make libhdf5 (1.10.8) crash.
  ///
  /// - Parameters:
  ///   - bytes: The bytes of all elements that `fill` writes.
  ///   - body: Writes what is small, and makes the large datasets with
  ///     ``HDF5Group/reserve(_:shape:at:)``.
  ///   - fill: Writes the rows of the large datasets, and returns whether the file replaces the
  ///     one at `path`; otherwise it is removed.
  /// - Throws: As ``replacing(_:attempt:_:)``.
  package static func replacing(
    _ path: String, attempt: String, reserving bytes: Int, _ body: (HDF5Group) throws -> Void,
    filling fill: (HDF5Group) throws -> Bool
  ) throws {
    try replacing(path, attempt: attempt) { temporary in
      let outline = try HDF5File.create(temporary)
      try body(outline.root)
      try outline.close()
      try reserve(bytes, in: temporary)
      let file = try HDF5File.openToWrite(temporary)
      let isWanted = try fill(file.root)
      if isWanted { try file.flush() }
      try file.close()
      return isWanted
    }
  }

  /// Lengthens a file by as many bytes, and by some for the library's own tables.
  ///
  /// What the library does not use is cut off when it closes the file.
  private static func reserve(_ bytes: Int, in path: String) throws(HDF5Error) {
    #if os(Linux)
      let library = LibraryCall(file: path, object: nil)
      let descriptor = Glibc.open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw library.error(.cannotCreate, "create the file", String(cString: strerror(errno)))
      }
      defer { Glibc.close(descriptor) }
      let end = Int(lseek(descriptor, 0, SEEK_END))
      var status = EINTR
      while status == EINTR { status = posix_fallocate(descriptor, 0, end + bytes + (1 << 20)) }
      // Some file systems cannot reserve anything.
      guard [0, EOPNOTSUPP, EINVAL].contains(status) else {
        throw library.error(.writeFailed, "write the file", String(cString: strerror(status)))
      }
    #endif
  }

  /// Opens a file to write to its datasets.
  private static func openToWrite(_ path: String) throws(HDF5Error) -> HDF5File {
    let library = LibraryCall(file: path, object: nil)
    let access = try library.fileAccess()
    let handle = try library.open("create the file", .cannotCreate, closedBy: H5Fclose) {
      H5Fopen(path, ch5_read_write(), access.id)
    }
    return HDF5File(path: path, handle: handle, output: nil)
  }

  /// Writes what the library still holds: closing a file does not report every failure.
  private func flush() throws(HDF5Error) {
    try LibraryCall(file: path, object: nil).call("write the file", .writeFailed) {
      H5Fflush(root.handle.id, H5F_SCOPE_LOCAL)
    }
  }
}
