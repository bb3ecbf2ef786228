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

  private init(path: String, handle: Handle) {
    self.path = path
    self.handle = handle
    root = HDF5Group(handle: handle, file: handle, door: Door(file: path, object: "/"))
  }

  /// Opens a file for reading.
  ///
  /// - Throws: `cannotOpen` where there is no readable file, `notHDF5` where the file is something
  ///   else, `damaged` where it begins as HDF5 but cannot be opened.
  package static func open(_ path: String) throws(HDF5Error) -> HDF5File {
    let door = Door(file: path, object: nil)
    let operation = "open the file"
    // Opening a pipe would wait for a writer that never comes.
    if let kind = kind(of: path), kind != S_IFREG {
      throw door.error(.notHDF5, operation, ["it is not a regular file"])
    }
    let access = try door.fileAccess()
    do throws(HDF5Error) {
      let handle = try door.open(operation, .cannotOpen, closedBy: H5Fclose) {
        H5Fopen(path, ch5_read_only(), access.id)
      }
      return HDF5File(path: path, handle: handle)
    } catch {
      throw door.error(code(ofUnopened: path), operation, error.messages)
    }
  }

  /// Tells why a file did not open: the library has one error number for all of it.
  private static func code(ofUnopened path: String) -> HDF5Error.Code {
    switch Library.locked({ H5Fis_hdf5(path) }) {
    case ..<0: .cannotOpen
    case 0: .notHDF5
    default: .damaged
    }
  }

  /// Creates a file for writing; an existing one is emptied.
  package static func create(_ path: String) throws(HDF5Error) -> HDF5File {
    let door = Door(file: path, object: nil)
    let creation = try door.fileCreation()
    let access = try door.fileAccess()
    let handle = try door.open("create the file", .cannotCreate, closedBy: H5Fclose) {
      H5Fcreate(path, ch5_truncate(), creation.id, access.id)
    }
    return HDF5File(path: path, handle: handle)
  }

  /// Writes what is still in memory and closes the file, with every object of it.
  ///
  /// Without this call the file is closed with its last reference, and a full disk goes unnoticed.
  package func close() throws(HDF5Error) {
    let door = Door(file: path, object: nil)
    guard handle.id >= 0 else { return }
    // Closing alone does not report every failed write, so the flush is made and checked before.
    try door.call("write the file", .writeFailed) { H5Fflush(handle.id, H5F_SCOPE_LOCAL) }
    try door.call("close the file", .writeFailed) { handle.release() }
  }
}
