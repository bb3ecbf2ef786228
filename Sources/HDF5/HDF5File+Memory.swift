import CHDF5
import Foundation

/// Files in memory, such as the member of an archive.
extension HDF5File {
  /// Opens a file in memory for reading.
  ///
  /// - Parameters:
  ///   - image: The bytes of the whole file; the library keeps its own copy.
  ///   - name: The name of the file for errors.
  ///   - access: Which process reads the file, as in `open(_:by:)` (default: this one).
  /// - Throws: `notHDF5` if the bytes do not begin with the HDF5 signature, `damaged` if they do
  ///   but cannot be opened.
  package static func open(
    image: [UInt8], named name: String, by access: FileAccess = .thisProcess
  ) throws(HDF5Error) -> HDF5File {
    let library = LibraryCall(file: name, object: nil)
    let operation = "open the file"
    guard image.starts(with: signature) else {
      throw library.error(.notHDF5, operation, "it does not begin with the HDF5 signature")
    }
    if case .child(let program) = access {
      // One copy of the reader, and two of the library.
      let reader = try ReaderClient(program, extraBytes: 3 * image.count, library)
      try reader.open(image: image, named: name, library, operation)
      return HDF5File(path: name, reader: reader)
    }
    let access = try library.fileAccess()
    try library.readFromMemory(image, access)
    let handle = try library.open(operation, .damaged, closedBy: H5Fclose) {
      H5Fopen(uniqueName(), ch5_read_only(), access.id)
    }
    return HDF5File(path: name, handle: handle, output: nil)
  }

  /// The bytes of a file that `body` fills; it is never written to disk.
  package static func image(
    named name: String, _ body: (HDF5Group) throws -> Void
  ) throws -> [UInt8] {
    let library = LibraryCall(file: name, object: nil)
    let creation = try library.fileCreation()
    let access = try library.fileAccess()
    try library.keepInMemory(access)
    let handle = try library.open("create the file", .cannotCreate, closedBy: H5Fclose) {
      H5Fcreate(uniqueName(), ch5_truncate(), creation.id, access.id)
    }
    let file = HDF5File(path: name, handle: handle, output: nil)
    defer { _ = handle.release() }
    try body(file.root)
    return try library.image(of: handle.id)
  }

  /// A unique name for a file in memory, by which the library distinguishes open files.
  private static func uniqueName() -> String { "memory-\(UUID().uuidString)" }

  /// The HDF5 signature, with which every file without a user block begins.
  private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
}
