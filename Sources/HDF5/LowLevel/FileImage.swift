import CHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file on disk for a file that libhdf5 builds in memory.
///
/// If a disk is full, libhdf5 (1.10.8) leaves a file open that crashes the process when it is
/// closed. So libhdf5 never writes to disk: this class writes the finished image, and a failed
/// write is an ordinary error.
final class FileImage {
  private let library: LibraryCall
  /// The descriptor of the file, negative once writing has been attempted.
  private var descriptor: Int32

  /// Creates the file on disk, or truncates an existing one.
  init(at path: String) throws(HDF5Error) {
    library = LibraryCall(file: path, object: nil)
    descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw library.error(.cannotCreate, "create the file", systemError())
    }
  }

  /// Writes the image of an open file, once; further calls do nothing.
  func write(_ file: hid_t) throws(HDF5Error) {
    guard descriptor >= 0 else { return }
    try write(library.image(of: file))
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
      guard count > 0 else { throw library.error(.writeFailed, "write the file", systemError()) }
      written += count
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}

extension LibraryCall {
  /// The bytes that an open file would have on disk.
  func image(of file: hid_t) throws(HDF5Error) -> [UInt8] {
    // Closing does not report every failure, so flush first and check the result.
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

/// Calls `write(2)`, under a name that the method `write` does not shadow.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
