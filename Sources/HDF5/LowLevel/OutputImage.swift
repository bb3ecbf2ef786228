import CHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file on disk behind a file that libhdf5 builds in memory.
///
/// When a disk is full, libhdf5 (1.10.8) leaves a file that crashes the process when it is closed.
/// So it never sees the disk: the finished image is written here, where a failed write is an error
/// like any other.
final class OutputImage {
  private let door: Door
  /// Negative once the image is written, or could not be.
  private var descriptor: Int32

  /// Creates the file on disk, or empties it.
  init(at path: String) throws(HDF5Error) {
    door = Door(file: path, object: nil)
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw door.error(.cannotCreate, "create the file", systemError())
    }
  }

  /// Writes the image of an open file, once; further calls do nothing.
  func write(_ file: hid_t) throws(HDF5Error) {
    guard descriptor >= 0 else { return }
    try write(door.image(of: file))
  }

  /// Writes the content, once; further calls do nothing.
  func write(_ bytes: [UInt8]) throws(HDF5Error) {
    guard descriptor >= 0 else { return }
    let target = descriptor
    descriptor = -1
    defer { close(target) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        bytes.baseAddress.map { systemWrite(target, $0 + written, bytes.count - written) } ?? 0
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw door.error(.writeFailed, "write the file", systemError()) }
      written += count
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

extension Door {
  /// The bytes that an open file would have on disk.
  func image(of file: hid_t) throws(HDF5Error) -> [UInt8] {
    // Closing alone does not report every failure, so the flush is made and checked before.
    try call("write the file", .writeFailed) { H5Fflush(file, H5F_SCOPE_LOCAL) }
    let count = try call("write the file", .writeFailed) { H5Fget_file_image(file, nil, 0) }
    var bytes = [UInt8](repeating: 0, count: count)
    try call("write the file", .writeFailed) {
      bytes.withUnsafeMutableBytes { H5Fget_file_image(file, $0.baseAddress, $0.count) }
    }
    return bytes
  }
}

private func systemError() -> String { String(cString: strerror(errno)) }

/// `write(2)`, under a name that the method above does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
