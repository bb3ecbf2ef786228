import CHDF5
import Foundation

/// An HDF5 file that is open for reading, or one that is being written.
///
/// Groups and datasets keep their file open; ``close()`` closes them with it.
package final class HDF5File {
  package let path: String
  /// The group `/`.
  package let root: HDF5Group
  private let handle: Handle
  /// Where a file that is being written goes.
  private let output: OutputImage?
  /// The reader that has the file open, where this process has not.
  private let reader: ReaderClient?

  init(path: String, handle: Handle, output: OutputImage?) {
    self.path = path
    self.handle = handle
    self.output = output
    reader = nil
    root = HDF5Group(handle: handle, file: handle, door: Door(file: path, object: "/"))
  }

  init(path: String, reader: ReaderClient) {
    self.path = path
    handle = .nowhere()
    output = nil
    self.reader = reader
    root = HDF5Group(
      handle: handle, file: handle, door: Door(file: path, object: "/"), reader: reader)
  }

  /// Opens a file for reading.
  ///
  /// - Parameter access: Who reads the file. A reader lives as long as the file, its groups and its
  ///   datasets do.
  /// - Throws: `cannotOpen` where there is no readable file, `notHDF5` where the file is something
  ///   else, `notClosed` or `locked` where a program writes it or was killed while it did, `damaged`
  ///   where it begins as HDF5 but cannot be opened; `noReader` where the process
  ///   that should read it cannot be started. Everything that is read may throw `readerFailed`.
  package static func open(
    _ path: String, by access: FileAccess = .thisProcess
  ) throws(HDF5Error) -> HDF5File {
    let door = Door(file: path, object: nil)
    let operation = "open the file"
    if case .child(let program) = access {
      let reader = try ReaderClient(program, extraBytes: 0, door)
      try reader.call(ReadRequest(.openFile, path), door, operation)
      return HDF5File(path: path, reader: reader)
    }
    // Opening a pipe would wait for a writer that never comes.
    if let kind = kind(of: path), kind != S_IFREG {
      throw door.error(.cannotOpen, operation, ["it is not a regular file"])
    }
    let access = try door.fileAccess()
    do throws(HDF5Error) {
      let handle = try door.open(operation, .cannotOpen, closedBy: H5Fclose) {
        H5Fopen(path, ch5_read_only(), access.id)
      }
      return HDF5File(path: path, handle: handle, output: nil)
    } catch {
      throw door.error(code(ofUnopened: path, error.messages), operation, error.messages)
    }
  }

  /// Tells why a file did not open: the library has one error number for all of it.
  private static func code(ofUnopened path: String, _ messages: [String]) -> HDF5Error.Code {
    // Its advice on files that are marked as open for writing.
    if messages.contains(where: { $0.contains("h5clear") }) { return .notClosed }
    if messages.contains(where: { $0.contains("temporarily unavailable") }) { return .locked }
    return switch Library.locked({ H5Fis_hdf5(path) }) {
    case ..<0: .cannotOpen
    case 0: .notHDF5
    default: .damaged
    }
  }

  /// Creates a file for writing; an existing one is emptied.
  ///
  /// The content is built in memory and reaches the disk when the file is closed.
  ///
  /// - Throws: `cannotCreate` with the system's reason.
  package static func create(_ path: String) throws(HDF5Error) -> HDF5File {
    let door = Door(file: path, object: nil)
    let creation = try door.fileCreation()
    let access = try door.fileAccess()
    try door.keepInMemory(access)
    let output = try OutputImage(at: path)
    let close: (hid_t) -> herr_t = { file in
      // Does nothing after `close()`, which reports the error.
      try? output.write(file)
      return H5Fclose(file)
    }
    let handle = try door.open("create the file", .cannotCreate, closedBy: close) {
      H5Fcreate(path, ch5_truncate(), creation.id, access.id)
    }
    return HDF5File(path: path, handle: handle, output: output)
  }

  /// Writes the content to the disk, if the file is being written, and closes the file with every
  /// object of it.
  ///
  /// Without this call the same happens with the last reference, but a full disk goes unnoticed.
  package func close() throws(HDF5Error) {
    reader?.close()
    guard handle.id >= 0 else { return }
    defer { _ = handle.release() }
    try output?.write(handle.id)
  }
}
