import CHDF5
import Foundation

/// An HDF5 file that is open for reading, or one that is being written.
///
/// Groups and datasets keep their file open; ``close()`` closes the file and all of them.
package final class HDF5File {
  package let path: String
  /// The group `/`.
  package let root: HDF5Group
  private let handle: Handle
  /// The file on disk, if this file is being written.
  private let output: FileImage?
  /// The reader, if another process has the file open.
  private let reader: ReaderClient?

  init(path: String, handle: Handle, output: FileImage?) {
    self.path = path
    self.handle = handle
    self.output = output
    reader = nil
    root = HDF5Group(handle: handle, file: handle, library: LibraryCall(file: path, object: "/"))
  }

  init(path: String, reader: ReaderClient) {
    self.path = path
    handle = .nowhere()
    output = nil
    self.reader = reader
    root = HDF5Group(
      handle: handle, file: handle, library: LibraryCall(file: path, object: "/"), reader: reader)
  }

  /// Opens a file for reading.
  ///
  /// - Parameter access: Which process reads the file (default: this one). A child process lives as
  ///   long as the file, its groups and its datasets.
  /// - Throws: `cannotOpen` if there is no readable file, `notHDF5` if the file has another format,
  ///   `notClosed` or `locked` if a program is writing it or was killed while writing, `damaged` if
  ///   it begins with the HDF5 signature but cannot be opened, `noReader` if the child process
  ///   cannot be started. With a child process, any read may throw `readerFailed`.
  package static func open(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws(HDF5Error) -> HDF5File {
    let library = LibraryCall(file: path, object: nil)
    let operation = "open the file"
    if case .child(let program) = access {
      let reader = try ReaderClient(program, extraBytes: 0, library)
      try reader.call(ReadRequest(.openFile, path), library, operation)
      return HDF5File(path: path, reader: reader)
    }
    // Opening a pipe would wait for a writer that never comes.
    if let kind = kind(of: path), kind != S_IFREG {
      throw library.error(.cannotOpen, operation, ["it is not a regular file"])
    }
    let access = try library.fileAccess()
    do throws(HDF5Error) {
      let handle = try library.open(operation, .cannotOpen, closedBy: H5Fclose) {
        H5Fopen(path, ch5_read_only(), access.id)
      }
      return HDF5File(path: path, handle: handle, output: nil)
    } catch {
      throw library.error(code(ofUnopened: path, error.messages), operation, error.messages)
    }
  }

  /// Determines why a file did not open: the library has only one error number for all reasons.
  private static func code(ofUnopened path: String, _ messages: [String]) -> HDF5Error.Code {
    // The library's advice on files that are marked as open for writing.
    if messages.contains(where: { $0.contains("h5clear") }) { return .notClosed }
    if messages.contains(where: { $0.contains("temporarily unavailable") }) { return .locked }
    return switch Library.locked({ H5Fis_hdf5(path) }) {
    case ..<0: .cannotOpen
    case 0: .notHDF5
    default: .damaged
    }
  }

  /// Creates a file for writing; an existing file is truncated.
  ///
  /// The content is built in memory and written to disk when the file is closed.
  ///
  /// - Throws: `cannotCreate` with the system's reason.
  package static func create(_ path: String) throws(HDF5Error) -> HDF5File {
    let library = LibraryCall(file: path, object: nil)
    let creation = try library.fileCreation()
    let access = try library.fileAccess()
    try library.keepInMemory(access)
    let output = try FileImage(at: path)
    let close: (hid_t) -> herr_t = { file in
      // Does nothing after `close()`, which reports the error.
      try? output.write(file)
      return H5Fclose(file)
    }
    let handle = try library.open("create the file", .cannotCreate, closedBy: close) {
      H5Fcreate(path, ch5_truncate(), creation.id, access.id)
    }
    return HDF5File(path: path, handle: handle, output: output)
  }

  /// Writes the content to the disk, if the file is being written, and closes the file with all its
  /// objects.
  ///
  /// Without this call the same happens when the last reference is released, but a full disk is not
  /// reported.
  package func close() throws(HDF5Error) {
    reader?.close()
    guard handle.id >= 0 else { return }
    defer { _ = handle.release() }
    try output?.write(handle.id)
  }
}
